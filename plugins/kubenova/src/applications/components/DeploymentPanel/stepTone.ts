import type { Tone } from '../../../shared/Status';

/** The phases of KubeVela's workflow steps; a new one is shown as unknown. */
const TONES: Readonly<Record<string, Tone>> = {
  succeeded: 'positive',
  failed: 'danger',
  running: 'progress',
  pending: 'progress',
  suspending: 'warning',
};

export function stepTone(phase: string): Tone {
  return TONES[phase.toLowerCase()] ?? 'unknown';
}
