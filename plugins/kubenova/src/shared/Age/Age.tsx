import { DateTime } from 'luxon';
import { type Translate, useText } from '../../translation';
import { useNow } from '../clock';

type AgeProps = {
  /** ISO 8601. */
  at: string;
};

const REFRESH_MS = 10_000;
const EXACT = "yyyy-MM-dd HH:mm:ss 'UTC'";

/** How long ago something was, kept up to date; the exact time is its tooltip. */
export const Age = ({ at }: AgeProps) => {
  const { t } = useText();
  const now = useNow(REFRESH_MS);
  const time = DateTime.fromISO(at, { zone: 'utc' });
  return (
    <time dateTime={time.toISO() ?? undefined} title={time.toFormat(EXACT)}>
      {words(now.diff(time).as('seconds'), t)}
    </time>
  );
};

function words(seconds: number, t: Translate): string {
  if (seconds < 10) {
    return t('age.now');
  }
  if (seconds < 60) {
    return t('age.seconds', { n: whole(seconds / 10, 10) });
  }
  if (seconds < 3600) {
    return t('age.minutes', { n: whole(seconds / 60) });
  }
  if (seconds < 48 * 3600) {
    return t('age.hours', { n: whole(seconds / 3600) });
  }
  return t('age.days', { n: whole(seconds / 86_400) });
}

function whole(amount: number, unit = 1): string {
  return String(Math.floor(amount) * unit);
}
