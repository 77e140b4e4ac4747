import { type ComponentProps, lazy, Suspense } from 'react';
import { Skeleton } from '@backstage/ui';

// The editor is large, and most visits to a page do without it.
const Editor = lazy(() =>
  import('./YamlEditor').then(({ YamlEditor }) => ({ default: YamlEditor })),
);

export const LazyYamlEditor = (props: ComponentProps<typeof Editor>) => (
  <Suspense fallback={<Skeleton width="100%" height={260} />}>
    <Editor {...props} />
  </Suspense>
);
