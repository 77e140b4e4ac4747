import type { ReactNode } from 'react';
import { Alert, Button, Flex, Skeleton } from '@backstage/ui';
import type { UseQueryResult } from '@tanstack/react-query';
import { useText } from '../../translation';
import { EmptyState } from '../EmptyState';
import { errorSentence, isNotFound } from '../errors';

type PageStateProps<T> = {
  query: UseQueryResult<T>;
  /** What stands here when the thing does not exist (any more). */
  notFound?: ReactNode;
  children: (data: T) => ReactNode;
};

/**
 * What a page shows of a query: a skeleton, the data, or what went wrong.
 *
 * Data that was seen stays on the screen when a later request fails, with a
 * line that says so; only "not found" takes it away, for then it is gone.
 */
export function PageState<T>(props: PageStateProps<T>) {
  const { query, notFound, children } = props;
  const { t } = useText();
  const { data, error } = query;

  if (error && isNotFound(error)) {
    return (
      notFound ?? (
        <EmptyState
          title={t('state.notFound')}
          description={errorSentence(error)}
        />
      )
    );
  }
  if (data === undefined) {
    return error ? <FailedRequest query={query} /> : <PageSkeleton />;
  }
  return (
    <>
      {error && <FailedRequest query={query} />}
      {children(data)}
    </>
  );
}

function FailedRequest<T>({ query }: { query: UseQueryResult<T> }) {
  const { t } = useText();
  return (
    <Alert
      role="alert"
      status="danger"
      icon
      mb="4"
      title={query.data === undefined ? t('state.failed') : t('state.outdated')}
      description={errorSentence(query.error)}
      customActions={
        <Button
          variant="secondary"
          isPending={query.isFetching}
          onPress={() => query.refetch()}
        >
          {t('state.retry')}
        </Button>
      }
    />
  );
}

function PageSkeleton() {
  const { t } = useText();
  return (
    <Flex
      direction="column"
      gap="3"
      p="4"
      bg="neutral"
      role="status"
      aria-label={t('state.loading')}
    >
      {['60%', '100%', '100%', '80%'].map((width, index) => (
        <Skeleton key={index} width={width} height={28} />
      ))}
    </Flex>
  );
}
