import { useState } from 'react';
import { useParams } from 'react-router-dom';
import { Container, Header } from '@backstage/ui';
import type { Application } from '@kubenova/plugin-kubenova-common';
import { PageState } from '../../../shared/PageState';
import { useGoTo, useLinks } from '../../../shared/navigation';
import { useTenants } from '../../../tenants/hooks';
import { useText } from '../../../translation';
import { useApplication, useUpdateApplication } from '../../hooks';
import { ApplicationForm } from './ApplicationForm';
import { contentOf, type Draft, startDraft } from './draft';

/** Changes an application; what is deployed is a new revision of it. */
export const EditPage = () => {
  const { applicationId = '' } = useParams();
  const application = useApplication(applicationId);
  return (
    <PageState query={application}>
      {data => <EditApplication current={data} />}
    </PageState>
  );
};

function EditApplication({ current }: { current: Application }) {
  const { t } = useText();
  const links = useLinks();
  const goTo = useGoTo();
  const tenants = useTenants();
  const update = useUpdateApplication();
  // The etag is that of the state which the user started from, so that a
  // change by somebody else is not overwritten unseen.
  const [application] = useState(current);
  const { id, tenant, name } = application;
  const clusters = application.deployments.map(({ cluster }) => cluster);

  const submit = (draft: Draft) => {
    const isMoved =
      [...draft.target.clusters].sort().join() !== [...clusters].sort().join();
    update.mutate(
      {
        application,
        request: {
          ...contentOf(draft),
          ...(isMoved && { clusters: draft.target.clusters }),
        },
      },
      { onSuccess: () => goTo(links.application(id)) },
    );
  };

  return (
    <>
      <Header title={t('applications.form.editTitle', { name })} />
      <Container pb="6">
        <PageState query={tenants}>
          {items => (
            <ApplicationForm
              initial={startDraft({ tenant, name, clusters }, application.yaml)}
              tenants={items}
              isFixed
              submitLabel={t('applications.form.save')}
              isPending={update.isPending}
              refusal={update.error}
              onChange={update.reset}
              onSubmit={submit}
              onCancel={() => goTo(links.application(id))}
            />
          )}
        </PageState>
      </Container>
    </>
  );
}
