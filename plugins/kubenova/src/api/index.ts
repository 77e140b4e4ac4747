export { kubenovaApi } from './kubenovaApi';
export { kubenovaApiRef } from './kubenovaApiRef';
