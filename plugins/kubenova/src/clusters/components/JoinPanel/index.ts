export { JoinPanel } from './JoinPanel';
