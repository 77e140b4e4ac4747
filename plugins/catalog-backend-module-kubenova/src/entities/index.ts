export { applicationToEntity } from './applicationToEntity';
export { clusterToEntity } from './clusterToEntity';
export { tenantToEntities } from './tenantToEntities';
