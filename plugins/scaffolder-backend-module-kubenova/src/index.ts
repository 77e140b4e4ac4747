/**
 * The scaffolder's module for KubeNova.
 *
 * @packageDocumentation
 */
export { scaffolderModuleKubenova as default } from './module';
