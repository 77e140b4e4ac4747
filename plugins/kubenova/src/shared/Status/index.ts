export { Status, type StatusProps, type Tone } from './Status';
export { SyncBadge, HealthBadge } from './axes';
