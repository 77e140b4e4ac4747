import { useSearchParams } from 'react-router-dom';
import { BreadcrumbEntry } from '@backstage/frontend-plugin-api';
import { Container, Header } from '@backstage/ui';
import { PageState } from '../../../shared/PageState';
import { useGoTo, useLinks } from '../../../shared/navigation';
import { useTenants } from '../../../tenants/hooks';
import { useText } from '../../../translation';
import { useDeploy } from '../../hooks';
import { ApplicationForm } from './ApplicationForm';
import { contentOf, type Draft, startDraft } from './draft';

/** Deploys a new application, and then shows its page. */
export const DeployPage = () => {
  const { t } = useText();
  const links = useLinks();
  const goTo = useGoTo();
  const [params] = useSearchParams();
  const tenants = useTenants();
  const deploy = useDeploy();

  const submit = (draft: Draft) =>
    deploy.mutate(
      { ...draft.target, ...contentOf(draft) },
      { onSuccess: ({ id }) => goTo(links.application(id)) },
    );

  return (
    <BreadcrumbEntry
      entry={{
        label: t('applications.deployButton'),
        href: links.deploy() ?? '',
      }}
    >
      <Header title={t('applications.form.deployTitle')} />
      <Container pb="6">
        <PageState query={tenants}>
          {items => (
            <ApplicationForm
              initial={startDraft({
                tenant: params.get('tenant') ?? '',
                name: '',
                clusters: [],
              })}
              tenants={items}
              isFixed={false}
              submitLabel={t('applications.form.deploy')}
              isPending={deploy.isPending}
              refusal={deploy.error}
              onChange={deploy.reset}
              onSubmit={submit}
              onCancel={() => goTo(links.applications())}
            />
          )}
        </PageState>
      </Container>
    </BreadcrumbEntry>
  );
};
