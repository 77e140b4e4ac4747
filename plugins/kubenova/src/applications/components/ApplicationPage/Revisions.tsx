import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type {
  Application,
  ApplicationRevision,
} from '@kubenova/plugin-kubenova-common';
import { Age } from '../../../shared/Age';
import { DataTable, type DataColumn } from '../../../shared/DataTable';
import { PageState } from '../../../shared/PageState';
import { Section } from '../../../shared/Section';
import { Status } from '../../../shared/Status';
import { useText } from '../../../translation';
import { useRevisions } from '../../hooks';
import { readYaml } from '../../yaml';

type RevisionsProps = { application: Application };

/** What was deployed, by whom and when; newest first. */
export const Revisions = ({ application }: RevisionsProps) => {
  const { t } = useText();
  const revisions = useRevisions(application);
  const label = t('applications.detail.revisions');
  const columns: DataColumn<ApplicationRevision>[] = [
    {
      id: 'revision',
      label: t('applications.detail.revision'),
      isRowHeader: true,
      render: ({ revision }) => revision,
    },
    {
      id: 'current',
      label: t('applications.detail.current'),
      render: ({ revision }) =>
        revision === application.revision ? (
          <Status tone="positive" word={t('applications.detail.current')} />
        ) : (
          '—'
        ),
    },
    {
      id: 'image',
      label: t('applications.detail.image'),
      render: ({ yaml }) => imageOf(yaml) || '—',
    },
    {
      id: 'createdBy',
      label: t('applications.detail.createdBy'),
      render: ({ createdBy }) => <EntityRefLink entityRef={createdBy} />,
    },
    {
      id: 'created',
      label: t('applications.detail.created'),
      render: ({ createdAt }) => <Age at={createdAt} />,
    },
  ];
  return (
    <Section title={label}>
      <PageState query={revisions}>
        {items => (
          <DataTable
            label={label}
            columns={columns}
            items={items}
            getId={({ revision }) => String(revision)}
          />
        )}
      </PageState>
    </Section>
  );
};

function imageOf(yaml: string): string {
  const read = readYaml(yaml);
  return read.ok ? read.fields.image : '';
}
