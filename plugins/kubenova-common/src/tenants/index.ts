export * from './entityRefs';
export * from './permissions';
export * from './reservedNames';
