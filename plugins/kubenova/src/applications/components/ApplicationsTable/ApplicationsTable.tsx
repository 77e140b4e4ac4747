import type { Application } from '@kubenova/plugin-kubenova-common';
import { DataTable } from '../../../shared/DataTable';
import { useLinks } from '../../../shared/navigation';
import { useApplicationColumns } from './columns';

type ApplicationsTableProps = {
  label: string;
  applications: readonly Application[];
};

export const ApplicationsTable = (props: ApplicationsTableProps) => {
  const links = useLinks();
  const columns = useApplicationColumns();
  return (
    <DataTable
      label={props.label}
      columns={columns}
      items={props.applications}
      getId={application => application.id}
      getHref={application => links.application(application.id)}
    />
  );
};
