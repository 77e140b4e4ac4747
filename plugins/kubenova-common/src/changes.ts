/**
 * The signal channel on which pages hear that something changed.
 *
 * @public
 */
export const CHANGES_CHANNEL = 'kubenova:changes';

/**
 * What is sent on it: only which keys changed (`clusters/<name>`, `tenants/<name>`, `applications/<id>`, `usage/<tenant>`), never data:
 * what a person may see of it is decided by the API that the page then asks.
 *
 * @public
 */
export type ChangesSignal = { keys: string[] };
