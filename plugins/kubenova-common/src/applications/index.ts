export * from './applicationFromForm';
export * from './entityRefs';
export * from './permissions';
