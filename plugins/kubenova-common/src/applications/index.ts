export * from './applicationFromForm';
export * from './entityRefs';
export * from './formProblem';
export * from './permissions';
