export * from './createRouter';
export * from './cursors';
export * from './etags';
export * from './IdempotencyStore';
export * from './isUuid';
export * from './RouteGuard';
export * from './signalOf';
export * from './typedRouter';
