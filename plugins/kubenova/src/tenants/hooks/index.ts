export { useTenant } from './useTenant';
export { useTenants } from './useTenants';
export {
  useAddPlacement,
  useCreateTenant,
  useDeleteTenant,
  useRemovePlacement,
} from './useTenantChanges';
