export { ParkedEvents } from './ParkedEvents';
