/**
 * The Manager: KubeNova's backend plugin.
 *
 * @packageDocumentation
 */
export { kubenovaPlugin as default } from './plugin';
