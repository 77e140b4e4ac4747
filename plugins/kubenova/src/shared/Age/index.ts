export { Age } from './Age';
