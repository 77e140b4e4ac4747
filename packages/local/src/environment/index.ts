export { ensureHaproxy } from '../balancer/index.ts';
export { forget } from './forget.ts';
export {
  addDatacenters,
  addSample,
  startPortalOnly,
  type RunningKubeNova,
  type StartOptions,
} from './startKubeNova.ts';
export { startPlatform, type Platform } from './startPlatform.ts';
