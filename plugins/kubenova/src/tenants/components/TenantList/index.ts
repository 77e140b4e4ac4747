export { TenantList } from './TenantList';
