export * from './clock.ts';
export * from './createLink.ts';
export { Journal } from './journal/Journal.ts';
export * from './Lease.ts';
export * from './LinkState.ts';
export * from './OperatorKey.ts';
export * from './types.ts';
export * from '../log/logger.ts';
