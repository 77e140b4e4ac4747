export { CreateTenant } from './CreateTenant';
