import { Alert } from '@backstage/ui';
import type { ClusterLink } from '@kubenova/plugin-kubenova-common';
import { Age } from '../../../shared/Age';
import { useText } from '../../../translation';

/** What somebody has to do something about. */
export const LinkBanners = ({ link }: { link: ClusterLink }) => {
  const { t } = useText();
  const { refusal, contestedAt, haltedAt } = link;
  return (
    <>
      {refusal && <Refused refusal={refusal} />}
      {contestedAt && (
        <Alert
          role="alert"
          status="danger"
          icon
          mb="4"
          title={t('clusters.link.contested.title')}
          description={t('clusters.link.contested.detail', {
            age: <Age at={contestedAt} />,
          })}
        />
      )}
      {haltedAt && (
        <Alert
          role="alert"
          status="danger"
          icon
          mb="4"
          title={t('clusters.link.halted.title', {
            age: <Age at={haltedAt} />,
          })}
          description={t('clusters.link.halted.detail')}
        />
      )}
    </>
  );
};

type Refusal = NonNullable<ClusterLink['refusal']>;

const HELP: Readonly<Record<string, 'revoked' | 'unknown' | 'version'>> = {
  revoked: 'revoked',
  unknown_operator: 'unknown',
  bad_signature: 'unknown',
  unsupported_version: 'version',
};

function Refused({ refusal }: { refusal: Refusal }) {
  const { t } = useText();
  const { message, at, remoteAddress } = refusal;
  return (
    <Alert
      role="alert"
      status="danger"
      icon
      mb="4"
      title={t('clusters.link.refused.title')}
      description={
        <>
          {t('clusters.link.refused.detail', {
            message: message.endsWith('.') ? message : `${message}.`,
            age: <Age at={at} />,
            from: remoteAddress
              ? t('clusters.link.refused.from', { address: remoteAddress })
              : '',
          })}{' '}
          {t(`clusters.link.refused.help.${HELP[refusal.reason] ?? 'other'}`)}
        </>
      }
    />
  );
}
