export { Envelope } from './Envelope';
