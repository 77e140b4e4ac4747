export { useDenialReason } from './useDenialReason';
