/**
 * The catalog's module for KubeNova.
 *
 * @packageDocumentation
 */
export { catalogModuleKubenova as default } from './module';
