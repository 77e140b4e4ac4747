/** What tests and benchmarks outside of this package run the operator with. */
export { kinds } from '../kube/index.ts';
export { ScriptedManager } from '../link/testing/ScriptedManager.ts';
export { CapsuleStandIn } from './CapsuleStandIn.ts';
export { OperatorFolder, OperatorProcess } from './OperatorProcess.ts';
export { TestCluster } from './TestCluster.ts';
