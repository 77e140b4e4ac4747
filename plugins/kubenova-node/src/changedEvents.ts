/**
 * The topic on the event bus that says what changed in KubeNova.
 *
 * @public
 */
export const KUBENOVA_CHANGED_TOPIC = 'kubenova.changed';

/**
 * One thing that changed, and that a listener may want to read again. It may also have been made, or be gone.
 *
 * @public
 */
export type ChangedRef =
  | { kind: 'cluster'; name: string }
  | { kind: 'tenant'; name: string }
  | { kind: 'application'; id: string; tenant: string; name: string }
  | { kind: 'usage'; tenant: string };

/**
 * The payload of {@link KUBENOVA_CHANGED_TOPIC}. It is a nudge: it may be late, repeated or lost, so a listener also reads everything
 * now and then.
 *
 * @public
 */
export type KubenovaChangedPayload = { refs: ChangedRef[] };

/**
 * Reads a payload from the bus, where anything may arrive; what is not understood is left out.
 *
 * @public
 */
export function changedRefsOf(payload: unknown): ChangedRef[] {
  const refs = (payload as Partial<KubenovaChangedPayload> | undefined)?.refs;
  return Array.isArray(refs) ? refs.filter(isChangedRef) : [];
}

function isChangedRef(value: unknown): value is ChangedRef {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  const ref = value as Record<string, unknown>;
  const has = (...names: string[]) =>
    names.every(name => typeof ref[name] === 'string');
  switch (ref.kind) {
    case 'cluster':
    case 'tenant':
      return has('name');
    case 'application':
      return has('id', 'tenant', 'name');
    case 'usage':
      return has('tenant');
    default:
      return false;
  }
}
