export { PlacementStatus } from './PlacementStatus';
