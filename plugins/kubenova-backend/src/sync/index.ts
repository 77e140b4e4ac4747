export * from './ApplyRecord';
export * from './conditions';
export * from './inClusterOrder';
export * from './syncStatus';
