export { ValidatedCheckboxes, ValidatedTextField } from './fields';
