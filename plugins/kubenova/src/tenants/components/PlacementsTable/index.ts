export { PlacementsTable, type PlacementRow } from './PlacementsTable';
