export { errorSentence, isNotFound, isWorthRetrying } from './errors';
export { toFieldErrors, type FieldErrors } from './fieldErrors';
