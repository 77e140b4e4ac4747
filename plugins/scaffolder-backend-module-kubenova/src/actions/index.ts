export { createTenantAction } from './createTenantAction';
export { deployApplicationAction } from './deployApplicationAction';
