import { useParams } from 'react-router-dom';
import { BreadcrumbEntry } from '@backstage/frontend-plugin-api';
import { ButtonLink, Container } from '@backstage/ui';
import { EmptyState } from '../../../shared/EmptyState';
import { errorSentence } from '../../../shared/errors';
import { PageState } from '../../../shared/PageState';
import { useLinks } from '../../../shared/navigation';
import { useText } from '../../../translation';
import { useTenant } from '../../hooks';
import { TenantDetails } from './TenantDetails';

/** One tenant. */
export const TenantPage = () => {
  const { t } = useText();
  const links = useLinks();
  const { tenantName = '' } = useParams();
  const tenant = useTenant(tenantName);
  // A tenant that was seen on its way out, and is not there any more, is done.
  const wasDeleting = tenant.data?.deleting === true;
  return (
    <BreadcrumbEntry
      entry={{ label: tenantName, href: links.tenant(tenantName) ?? '' }}
    >
      <PageState
        query={tenant}
        notFound={
          <Container pt="6">
            <EmptyState
              title={
                wasDeleting
                  ? t('tenants.detail.deleted', { name: tenantName })
                  : t('tenants.detail.gone')
              }
              description={
                wasDeleting
                  ? t('tenants.detail.deletedHint')
                  : t('tenants.detail.goneHint', {
                      reason: errorSentence(tenant.error),
                    })
              }
              action={
                <ButtonLink href={links.tenants()}>
                  {t('tenants.detail.back')}
                </ButtonLink>
              }
            />
          </Container>
        }
      >
        {data => <TenantDetails tenant={data} />}
      </PageState>
    </BreadcrumbEntry>
  );
};
