export { ConfirmByName } from './ConfirmByName';
