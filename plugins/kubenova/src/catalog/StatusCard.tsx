import type { ReactNode } from 'react';
import { Link } from '@backstage/ui';
import { EntityInfoCard } from '@backstage/plugin-catalog-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { Facts } from '../shared/Facts';
import { PageState } from '../shared/PageState';
import { useText } from '../translation';

type StatusCardProps<T> = {
  query: UseQueryResult<T>;
  /** The page that says more. */
  href: string | undefined;
  factsOf: (data: T) => ReadonlyArray<{ label: string; value: ReactNode }>;
};

/** What KubeNova knows of an entity, beside what the catalog says of it. */
export function StatusCard<T>(props: StatusCardProps<T>) {
  const { query, href, factsOf } = props;
  const { t } = useText();
  return (
    <EntityInfoCard
      title="KubeNova"
      headerActions={href && <Link href={href}>{t('card.open')}</Link>}
    >
      <PageState query={query}>
        {data => <Facts facts={factsOf(data)} />}
      </PageState>
    </EntityInfoCard>
  );
}
