export { useClusters } from './useClusters';
export { useCluster } from './useCluster';
export { useJoinCommand } from './useJoinCommand';
export { useAddCluster } from './useAddCluster';
export { useDeleteCluster } from './useDeleteCluster';
export { useParkedEvents, useReplayParkedEvents } from './useParkedEvents';
export {
  useClusterLink,
  useDiagnoseOperator,
  usePingOperator,
  useRevokeOperatorKey,
  useRotateOperatorKey,
} from './useClusterLink';
export { useDecideManagerBehind, useManagerBehind } from './useManagerBehind';
