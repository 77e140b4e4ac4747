export { createLink } from './createLink';
export type { Link, LinkDomains } from './Link';
export { BehindDecisions } from './behind/BehindDecisions';
export type * from './types';
