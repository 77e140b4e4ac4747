import { Text } from '@backstage/ui';
import type { ClusterLink as Link } from '@kubenova/plugin-kubenova-common';
import { PageState } from '../../../shared/PageState';
import { Section } from '../../../shared/Section';
import { useText } from '../../../translation';
import { useClusterLink } from '../../hooks';
import { LinkActions } from './LinkActions';
import { LinkBanners } from './LinkBanners';
import { LinkErrors } from './LinkErrors';
import { LinkFacts } from './LinkFacts';

type ClusterLinkProps = { cluster: string };

/** The link to a datacenter's operator: how it is, what is under way, what went wrong, and questions to the operator. */
export const ClusterLink = ({ cluster }: ClusterLinkProps) => {
  const { t } = useText();
  const link = useClusterLink(cluster);
  return (
    <Section
      title={t('clusters.link.title')}
      actions={link.data && <LinkActions cluster={cluster} link={link.data} />}
    >
      <PageState query={link}>
        {data => (
          <>
            <LinkBanners link={data} />
            <LinkBody link={data} />
          </>
        )}
      </PageState>
    </Section>
  );
};

function LinkBody({ link }: { link: Link }) {
  const { t } = useText();
  if (link.state === 'never_connected') {
    return (
      <Text as="p" color="secondary">
        {t('clusters.link.never')}
      </Text>
    );
  }
  return (
    <>
      <LinkFacts link={link} />
      <LinkErrors errors={link.recentErrors} />
    </>
  );
}
