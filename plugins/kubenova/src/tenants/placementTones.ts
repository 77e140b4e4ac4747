import type { PlacementStatus } from '@kubenova/plugin-kubenova-common';
import type { Tone } from '../shared/Status';

export const PLACEMENT_TONES: Record<PlacementStatus, Tone> = {
  pending: 'unknown',
  provisioning: 'progress',
  ready: 'positive',
  error: 'danger',
  deleting: 'progress',
  unknown: 'unknown',
};
