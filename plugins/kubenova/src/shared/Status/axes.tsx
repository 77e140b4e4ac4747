import type { Health, SyncState } from '@kubenova/plugin-kubenova-common';
import { useText } from '../../translation';
import { Status, type Tone } from './Status';

const SYNC_TONES: Record<SyncState, Tone> = {
  Pending: 'progress',
  Waiting: 'warning',
  Synced: 'positive',
  Failed: 'danger',
  Refused: 'danger',
  Deleting: 'progress',
  Deleted: 'unknown',
  Unknown: 'unknown',
};

const HEALTH_TONES: Record<Health, Tone> = {
  Progressing: 'progress',
  Healthy: 'positive',
  Degraded: 'danger',
  Unknown: 'unknown',
};

type AxisProps<State> = {
  state: State;
  reason?: string;
  compact?: boolean;
  /** The operator is silent: this is the last that is known. */
  stale?: boolean;
};

/** Whether what was asked for is applied. */
export const SyncBadge = ({ state, stale, ...rest }: AxisProps<SyncState>) => {
  const { t } = useText();
  const word = t(`sync.${state}`);
  return (
    <Status
      tone={stale && state === 'Synced' ? 'warning' : SYNC_TONES[state]}
      word={stale ? t('stale.lastKnown', { word }) : word}
      dimmed={stale}
      {...rest}
    />
  );
};

/** Whether it works. A stale "Healthy" is not shown as healthy. */
export const HealthBadge = ({ state, stale, ...rest }: AxisProps<Health>) => {
  const { t } = useText();
  const word = t(`health.${state}`);
  return (
    <Status
      tone={stale && state === 'Healthy' ? 'warning' : HEALTH_TONES[state]}
      word={stale ? t('stale.lastKnown', { word }) : word}
      dimmed={stale}
      {...rest}
    />
  );
};
