export { TryAgain } from './TryAgain';
