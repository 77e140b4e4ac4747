export { DatabaseOutbox } from './DatabaseOutbox';
