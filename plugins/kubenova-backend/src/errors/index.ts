export * from './beingDeleted';
export * from './codedErrors';
export * from './isUniqueViolation';
