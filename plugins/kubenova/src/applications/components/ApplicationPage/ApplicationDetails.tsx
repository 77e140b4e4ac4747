import { useState } from 'react';
import { Alert, Container, Flex, Header } from '@backstage/ui';
import {
  applicationDeletePermission,
  applicationUpdatePermission,
  type Application,
} from '@kubenova/plugin-kubenova-common';
import { CopyField } from '../../../shared/CopyField';
import { GatedButton } from '../../../shared/GatedButton';
import { Section } from '../../../shared/Section';
import { useGoTo, useLinks } from '../../../shared/navigation';
import { useDenialReason } from '../../../shared/rights';
import { useText } from '../../../translation';
import { DeploymentPanel } from '../DeploymentPanel';
import { ApplicationOverview } from './ApplicationOverview';
import { DeleteApplication } from './DeleteApplication';
import { Revisions } from './Revisions';

type ApplicationDetailsProps = { application: Application };

export const ApplicationDetails = (props: ApplicationDetailsProps) => {
  const { application } = props;
  const { id, name, deleting } = application;
  const { t } = useText();
  const links = useLinks();
  const goTo = useGoTo();
  const [isDeleting, setIsDeleting] = useState(false);
  const editDenied = useDenialReason(applicationUpdatePermission);
  const deleteDenied = useDenialReason(applicationDeletePermission);
  const already = deleting ? t('applications.delete.already') : undefined;

  return (
    <>
      <Header
        title={name}
        customActions={
          <Flex gap="2">
            <GatedButton
              variant="secondary"
              disabledReason={editDenied ?? already}
              onPress={() => goTo(links.editApplication(id))}
            >
              {t('applications.detail.edit')}
            </GatedButton>
            <GatedButton
              variant="secondary"
              destructive
              disabledReason={deleteDenied ?? already}
              onPress={() => setIsDeleting(true)}
            >
              {t('applications.delete.button')}
            </GatedButton>
          </Flex>
        }
      />
      <Container pb="6">
        {deleting && (
          <Alert
            role="status"
            status="info"
            isPending
            mb="4"
            title={t('applications.detail.deletingNotice', { name })}
          />
        )}
        <ApplicationOverview application={application} />
        {application.deployments.map(deployment => (
          <DeploymentPanel
            key={deployment.id}
            application={application}
            deployment={deployment}
          />
        ))}
        <Revisions application={application} />
        <Section title={t('applications.detail.yaml')}>
          <CopyField
            label={t('applications.form.yamlLabel')}
            value={application.yaml}
            isTall
          />
        </Section>
      </Container>
      {isDeleting && (
        <DeleteApplication
          application={application}
          onClose={() => setIsDeleting(false)}
        />
      )}
    </>
  );
};
