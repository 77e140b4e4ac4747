export { ManagerBehind } from './ManagerBehind';
