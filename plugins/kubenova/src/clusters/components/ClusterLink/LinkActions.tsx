import { useState } from 'react';
import { toastApiRef, useApi } from '@backstage/frontend-plugin-api';
import { Flex } from '@backstage/ui';
import {
  clusterUpdatePermission,
  type ClusterLink,
} from '@kubenova/plugin-kubenova-common';
import { errorSentence } from '../../../shared/errors';
import { GatedButton } from '../../../shared/GatedButton';
import { useDenialReason } from '../../../shared/rights';
import { useText } from '../../../translation';
import { usePingOperator } from '../../hooks';
import { Diagnostics } from './Diagnostics';
import { RevokeKey } from './RevokeKey';
import { RotateKey } from './RotateKey';

type LinkActionsProps = { cluster: string; link: ClusterLink };

const CALLS_CAPABILITY = 'calls';

export const LinkActions = ({ cluster, link }: LinkActionsProps) => {
  const { t } = useText();
  const denied = useDenialReason(clusterUpdatePermission);
  const [open, setOpen] = useState<'diagnostics' | 'revoke'>();
  const close = () => setOpen(undefined);
  const unanswered = useWhyUnanswered(link);
  return (
    <Flex gap="2">
      <Ping cluster={cluster} disabledReason={denied ?? unanswered} />
      <GatedButton
        variant="secondary"
        disabledReason={denied ?? unanswered}
        onPress={() => setOpen('diagnostics')}
      >
        {t('clusters.link.diagnostics.button')}
      </GatedButton>
      <RotateKey cluster={cluster} link={link} denied={denied} />
      <GatedButton
        variant="secondary"
        destructive
        disabledReason={denied}
        onPress={() => setOpen('revoke')}
      >
        {t('clusters.link.revoke.button')}
      </GatedButton>
      {open === 'diagnostics' && (
        <Diagnostics cluster={cluster} onClose={close} />
      )}
      {open === 'revoke' && <RevokeKey cluster={cluster} onClose={close} />}
    </Flex>
  );
};

/** Why the operator would not answer a question now; nothing where it may. */
function useWhyUnanswered(link: ClusterLink): string | undefined {
  const { t } = useText();
  if (link.state !== 'open') {
    return t('clusters.link.notConnected');
  }
  return link.capabilities.includes(CALLS_CAPABILITY)
    ? undefined
    : t('clusters.link.callsUnsupported');
}

type PingProps = { cluster: string; disabledReason?: string };

function Ping({ cluster, disabledReason }: PingProps) {
  const { t } = useText();
  const toasts = useApi(toastApiRef);
  const ping = usePingOperator(cluster);
  return (
    <GatedButton
      variant="secondary"
      disabledReason={disabledReason}
      isPending={ping.isPending}
      onPress={() =>
        ping.mutate(undefined, {
          onSuccess: ({ roundTripMs }) =>
            toasts.post({
              title: t('clusters.link.ping.result', {
                ms: String(roundTripMs),
              }),
              status: 'success',
              timeout: 6000,
            }),
          onError: error =>
            toasts.post({
              title: t('clusters.link.ping.failed'),
              description: errorSentence(error),
              status: 'danger',
            }),
        })
      }
    >
      {t('clusters.link.ping.button')}
    </GatedButton>
  );
}
