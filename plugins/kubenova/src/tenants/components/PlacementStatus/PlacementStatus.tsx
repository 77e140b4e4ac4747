import type { Placement } from '@kubenova/plugin-kubenova-common';
import { Status } from '../../../shared/Status';
import { useText } from '../../../translation';
import { PLACEMENT_TONES } from '../../placementTones';

type PlacementStatusProps = {
  placement: Placement;
  /** Puts this before the word. */
  prefix?: string;
  withReason?: boolean;
};

export const PlacementStatus = (props: PlacementStatusProps) => {
  const { placement, prefix = '', withReason } = props;
  const { t } = useText();
  const { status, stale } = placement;
  const word = t(`tenants.placement.state.${status}`);
  return (
    <Status
      tone={stale && status === 'ready' ? 'warning' : PLACEMENT_TONES[status]}
      word={prefix + (stale ? t('stale.lastKnown', { word }) : word)}
      reason={withReason ? placement.message : undefined}
      dimmed={stale}
    />
  );
};
