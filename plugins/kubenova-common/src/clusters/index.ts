export * from './entityRefs';
export * from './permissions';
