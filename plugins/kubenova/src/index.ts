/**
 * The pages of KubeNova, for Backstage's new frontend system.
 *
 * @packageDocumentation
 */
export { default } from './plugin';
export { kubenovaApiRef } from './api';
export { kubenovaTranslationRef } from './translation';
