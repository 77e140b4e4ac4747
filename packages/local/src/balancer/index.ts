export { ensureHaproxy } from './ensureHaproxy.ts';
export {
  endLeftoverBalancer,
  startBalancer,
  type Balancer,
} from './startBalancer.ts';
export type {
  BalancedReplica,
  BalancerAddresses,
} from './haproxyConfiguration.ts';
