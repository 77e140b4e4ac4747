export { useGoTo } from './useGoTo';
export { useLinks } from './useLinks';
export { useUrlFilters } from './useUrlFilters';
