import { Button, Container, Header } from '@backstage/ui';
import { applicationCreatePermission } from '@kubenova/plugin-kubenova-common';
import { RiApps2Line, RiRocketLine } from '@remixicon/react';
import { EmptyState } from '../../../shared/EmptyState';
import { GatedButton } from '../../../shared/GatedButton';
import { PageState } from '../../../shared/PageState';
import { useGoTo, useLinks } from '../../../shared/navigation';
import { useDenialReason } from '../../../shared/rights';
import { useText } from '../../../translation';
import { useApplications } from '../../hooks';
import { ApplicationsTable } from '../ApplicationsTable';
import { ApplicationFilters, useApplicationFilters } from './filters';

export const ApplicationList = () => {
  const { t } = useText();
  const links = useLinks();
  const goTo = useGoTo();
  const applications = useApplications();
  const filters = useApplicationFilters();
  const denied = useDenialReason(applicationCreatePermission);

  const deployButton = (
    <GatedButton
      iconStart={<RiRocketLine />}
      disabledReason={denied}
      onPress={() => goTo(links.deploy())}
    >
      {t('applications.deployButton')}
    </GatedButton>
  );

  return (
    <>
      <Header
        title={t('applications.title')}
        description={t('applications.intro')}
        customActions={applications.data?.length ? deployButton : undefined}
      />
      <Container pb="6">
        <PageState query={applications}>
          {all => {
            if (all.length === 0) {
              return (
                <EmptyState
                  icon={<RiApps2Line size={32} />}
                  title={t('applications.empty.title')}
                  description={t('applications.empty.description')}
                  action={deployButton}
                />
              );
            }
            const visible = all.filter(filters.matches);
            return (
              <>
                <ApplicationFilters applications={all} filters={filters} />
                {visible.length === 0 ? (
                  <EmptyState
                    title={t('applications.empty.filtered')}
                    description={t('applications.empty.filteredHint', {
                      number: String(all.length),
                    })}
                    action={
                      <Button variant="secondary" onPress={filters.clear}>
                        {t('applications.empty.clear')}
                      </Button>
                    }
                  />
                ) : (
                  <ApplicationsTable
                    label={t('applications.title')}
                    applications={visible}
                  />
                )}
              </>
            );
          }}
        </PageState>
      </Container>
    </>
  );
};
