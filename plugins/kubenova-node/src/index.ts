/**
 * What backend plugins and modules need to work with KubeNova.
 *
 * @packageDocumentation
 */
export * from './changedEvents';
export * from './kubenovaServiceRef';
