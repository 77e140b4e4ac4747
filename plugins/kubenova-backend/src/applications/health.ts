import { NOT_OBSERVED_MESSAGE } from '../sync';
import type { Deployment, Health } from './types';

/**
 * The health of a deployment as it may be shown (E3): what was told of an older generation does not count for the one that is wanted now,
 * and what was never told is unknown, not healthy. So is what its datacenter did not name among all that it has (E7).
 */
export function shownHealth(
  deployment: Deployment,
  desiredGeneration: number,
): { health: Health; message?: string } {
  if (deployment.notObservedAt) {
    return { health: 'Unknown', message: NOT_OBSERVED_MESSAGE };
  }
  if (deployment.statusGeneration === 0) {
    return { health: 'Unknown' };
  }
  if (deployment.statusGeneration < desiredGeneration) {
    return {
      health: deployment.deletingAt ? deployment.health : 'Progressing',
    };
  }
  return { health: deployment.health, message: deployment.healthMessage };
}

/** From worst to best. */
const WORST_FIRST: readonly Health[] = [
  'Degraded',
  'Unknown',
  'Progressing',
  'Healthy',
];

/** The summary of several: the worst; of none, nothing is known. */
export function worstHealth(healths: readonly Health[]): Health {
  return WORST_FIRST.find(health => healths.includes(health)) ?? 'Unknown';
}
