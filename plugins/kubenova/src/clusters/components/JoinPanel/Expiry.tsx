import { DateTime } from 'luxon';
import { Text } from '@backstage/ui';
import { useNow } from '../../../shared/clock';
import { useText } from '../../../translation';

type ExpiryProps = { at: string };

const REFRESH_MS = 5_000;

export const Expiry = ({ at }: ExpiryProps) => {
  const { t } = useText();
  const now = useNow(REFRESH_MS);
  const expiry = DateTime.fromISO(at, { zone: 'utc' });
  const isExpired = expiry <= now;
  return (
    <Text
      as="p"
      variant="body-small"
      color={isExpired ? 'danger' : 'secondary'}
      aria-live="polite"
    >
      {isExpired
        ? t('clusters.join.expired')
        : t('clusters.join.expires', { time: expiry.toFormat('HH:mm') })}
    </Text>
  );
};
