import { useParams } from 'react-router-dom';
import { BreadcrumbEntry } from '@backstage/frontend-plugin-api';
import { ButtonLink, Container } from '@backstage/ui';
import { EmptyState } from '../../../shared/EmptyState';
import { errorSentence } from '../../../shared/errors';
import { PageState } from '../../../shared/PageState';
import { useLinks } from '../../../shared/navigation';
import { useText } from '../../../translation';
import { useApplication } from '../../hooks';
import { ApplicationDetails } from './ApplicationDetails';

/** One application. */
export const ApplicationPage = () => {
  const { t } = useText();
  const links = useLinks();
  const { applicationId = '' } = useParams();
  const application = useApplication(applicationId);
  const { data } = application;
  const name = data?.name ?? applicationId;
  // One that was seen on its way out, and is not there any more, is done.
  const wasDeleting = data?.deleting === true;
  return (
    <BreadcrumbEntry
      entry={{ label: name, href: links.application(applicationId) ?? '' }}
    >
      <PageState
        query={application}
        notFound={
          <Container pt="6">
            <EmptyState
              title={
                wasDeleting
                  ? t('applications.detail.deleted', { name })
                  : t('applications.detail.gone')
              }
              description={
                wasDeleting
                  ? t('applications.detail.deletedHint')
                  : t('applications.detail.goneHint', {
                      reason: errorSentence(application.error),
                    })
              }
              action={
                <ButtonLink href={links.applications()}>
                  {t('applications.detail.back')}
                </ButtonLink>
              }
            />
          </Container>
        }
      >
        {current => <ApplicationDetails application={current} />}
      </PageState>
    </BreadcrumbEntry>
  );
};
