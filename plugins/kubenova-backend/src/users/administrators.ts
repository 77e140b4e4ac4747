import type { Actor } from './types';

/** Decides who administers the platform. */
export type IsAdministrator = (actor: Actor) => boolean;

/**
 * Everyone who is signed in is an administrator: there are no people and roles of KubeNova's own yet. This is the one place that says
 * so.
 */
export const everyoneIsAdministrator: IsAdministrator = () => true;
