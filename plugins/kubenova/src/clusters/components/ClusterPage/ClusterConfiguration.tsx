import type { ClusterConfig } from '@kubenova/plugin-kubenova-common';
import { Facts } from '../../../shared/Facts';
import { Section } from '../../../shared/Section';
import { useText } from '../../../translation';

type ClusterConfigurationProps = { config: ClusterConfig };

export const ClusterConfiguration = (props: ClusterConfigurationProps) => {
  const { config } = props;
  const { t } = useText();
  const installs = [
    config.installCapsule && 'Capsule',
    config.installCapsuleProxy && 'capsule-proxy',
    config.installKubeVela && 'KubeVela',
  ].filter(Boolean);
  const annotations = Object.entries(config.targetLbAnnotations ?? {});
  return (
    <Section title={t('clusters.detail.configuration')}>
      <Facts
        facts={[
          {
            label: t('clusters.detail.installs'),
            value: installs.join(', ') || t('clusters.detail.none'),
          },
          {
            label: t('clusters.detail.profile'),
            value: config.kubeVelaProfile,
          },
          {
            label: t('clusters.detail.storageClass'),
            value:
              config.targetStorageClass ??
              t('clusters.detail.storageClassNone'),
          },
          {
            label: t('clusters.detail.proxyUrl'),
            value: config.capsuleProxyUrl ?? t('clusters.detail.proxyFound'),
          },
          {
            label: t('clusters.detail.lbAnnotations'),
            value:
              annotations.map(([key, value]) => `${key}=${value}`).join(', ') ||
              t('clusters.detail.none'),
          },
        ]}
      />
    </Section>
  );
};
