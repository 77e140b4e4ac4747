/**
 * The list of a NovaTenant's children in its status (D7), so that pruning and deletion find them even without the journal.
 *
 * Order: write union(old, new) → apply all → only if all succeeded prune, each with a uid precondition → shrink. What fails on the way leaves the
 * list too long, never too short.
 */
import { kindOf } from '../kube/kinds.ts';
import type { KubeClient, KubeObject } from '../kube/index.ts';
import type { Child } from './types.ts';

export function childOf(object: KubeObject): Child {
  const { apiVersion, kind, metadata } = object;
  const { namespace, name, uid } = metadata;
  return {
    apiVersion,
    kind,
    name,
    ...(namespace && { namespace }),
    ...(uid && { uid }),
  };
}

export function isSameChild(one: Child, other: Child): boolean {
  return (
    one.kind === other.kind &&
    one.apiVersion === other.apiVersion &&
    one.namespace === other.namespace &&
    one.name === other.name
  );
}

/** Old and new ones; of those in both, the uid that is known. */
export function unionOf(
  old: readonly Child[],
  wanted: readonly Child[],
): Child[] {
  const known = (child: Child) => old.find(other => isSameChild(child, other));
  return [
    ...old.filter(child => !wanted.some(other => isSameChild(child, other))),
    ...wanted.map(child => ({ ...known(child), ...child })),
  ];
}

/** Deletes those of the old children that are not wanted any more. Those without a uid were never made by us. */
export async function prune(
  kube: KubeClient,
  old: readonly Child[],
  wanted: readonly Child[],
): Promise<void> {
  for (const child of old) {
    if (child.uid && !wanted.some(other => isSameChild(child, other))) {
      await kube.delete(kindOf(child), child, { uid: child.uid });
    }
  }
}
