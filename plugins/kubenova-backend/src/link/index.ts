export { createLink } from './createLink';
export { createLinkTelemetry } from './telemetry';
export type { Link, LinkDomains } from './Link';
export { BehindDecisions } from './behind/BehindDecisions';
export { ParkedEvents, type ParkedEvent } from './ingest/ParkedEvents';
export type * from './types';
