import type { ClusterLink } from '@kubenova/plugin-kubenova-common';
import { Age } from '../../../shared/Age';
import { Status, type Tone } from '../../../shared/Status';
import { useText } from '../../../translation';

type State = ClusterLink['state'] | 'silent';

const TONES: Record<State, Tone> = {
  open: 'positive',
  silent: 'warning',
  closed: 'danger',
  never_connected: 'unknown',
};

/** A link's word and since when. A session whose operator is silent is not called connected. */
export const LinkState = ({ link }: { link: ClusterLink }) => {
  const { t } = useText();
  const state: State =
    link.stale && link.state === 'open' ? 'silent' : link.state;
  return (
    <Status
      tone={TONES[state]}
      word={t(`clusters.link.state.${state}`)}
      reason={reasonOf(state, link, t)}
    />
  );
};

function reasonOf(
  state: State,
  link: ClusterLink,
  t: ReturnType<typeof useText>['t'],
) {
  const { openedAt, lastSeenAt, closedAt, closeReason } = link;
  switch (state) {
    case 'open':
      return (
        openedAt && t('clusters.link.since', { age: <Age at={openedAt} /> })
      );
    case 'silent':
      return (
        lastSeenAt &&
        t('clusters.link.lastHeard', { age: <Age at={lastSeenAt} /> })
      );
    case 'closed':
      return (
        closedAt &&
        t('clusters.link.ended', {
          reason: closeReason ?? '',
          age: <Age at={closedAt} />,
        })
      );
    case 'never_connected':
      return undefined;
    default:
      throw new Error(`Unknown state ${state satisfies never}`);
  }
}
