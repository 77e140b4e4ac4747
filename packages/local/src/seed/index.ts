export { PortalApi, PortalApiError, type PortalAnswer } from './PortalApi.ts';
