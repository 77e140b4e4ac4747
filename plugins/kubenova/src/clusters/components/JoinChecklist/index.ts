export { JoinChecklist } from './JoinChecklist';
