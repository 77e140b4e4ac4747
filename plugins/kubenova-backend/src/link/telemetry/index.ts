export { createLinkTelemetry } from './createLinkTelemetry';
export { noLinkTelemetry, type LinkTelemetry } from './LinkTelemetry';
export { observedCalls } from './observedCalls';
export { observedCommits } from './observedCommits';
export { observedLease } from './observedLease';
export { readOutboxBacklog } from './readOutboxBacklog';
export { SessionWatch } from './SessionWatch';
