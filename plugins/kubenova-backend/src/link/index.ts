export { createLink } from './createLink';
export type { Link, LinkDomains } from './Link';
export type * from './types';
