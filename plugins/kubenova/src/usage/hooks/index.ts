export { useUsage } from './useUsage';
export { useUsageFilters } from './useUsageFilters';
