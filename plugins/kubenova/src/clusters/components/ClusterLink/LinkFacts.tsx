import type { ClusterLink } from '@kubenova/plugin-kubenova-common';
import { Age } from '../../../shared/Age';
import { Facts } from '../../../shared/Facts';
import { Status, type Tone } from '../../../shared/Status';
import { type Translate, useText } from '../../../translation';
import { JournalLevel } from './JournalLevel';
import { LinkState } from './LinkState';

const DURABILITY_TONES: Record<
  NonNullable<ClusterLink['durability']> | 'unknown',
  Tone
> = {
  replicated: 'positive',
  single: 'unknown',
  may_lose_on_failover: 'warning',
  unknown: 'unknown',
};

export const LinkFacts = ({ link }: { link: ClusterLink }) => {
  const { t } = useText();
  const unknown = t('clusters.link.unknown');
  const { durability = 'unknown' } = link;
  return (
    <Facts
      facts={[
        {
          label: t('clusters.link.stateLabel'),
          value: <LinkState link={link} />,
        },
        {
          label: t('clusters.column.lastSeen'),
          value: link.lastSeenAt ? <Age at={link.lastSeenAt} /> : unknown,
        },
        {
          label: t('clusters.link.from'),
          value: link.remoteAddress ?? unknown,
        },
        { label: t('clusters.link.replica'), value: link.replica ?? unknown },
        {
          label: t('clusters.link.session'),
          value: t('clusters.link.sessionValue', { epoch: String(link.epoch) }),
        },
        { label: t('clusters.link.lag'), value: lagOf(link, t) },
        {
          label: t('clusters.link.journal'),
          value: link.journal ? (
            <JournalLevel journal={link.journal} />
          ) : (
            t('clusters.link.journalNone')
          ),
        },
        { label: t('clusters.link.outbox'), value: outboxOf(link, t) },
        { label: t('clusters.link.parked'), value: String(link.parkedEvents) },
        {
          label: t('clusters.link.durability'),
          value: (
            <Status
              tone={DURABILITY_TONES[durability]}
              word={t(`clusters.link.durable.${durability}`)}
            />
          ),
        },
        { label: t('clusters.link.key'), value: keyOf(link, t) },
        {
          label: t('clusters.link.operator'),
          value: link.operatorVersion ?? unknown,
        },
        {
          label: t('clusters.link.kubernetes'),
          value: link.kubernetesVersion ?? unknown,
        },
      ]}
    />
  );
};

function lagOf({ lag }: ClusterLink, t: Translate): string {
  if (!lag) {
    return t('clusters.link.lagNone');
  }
  const ms = Math.max(0, lag.lastMs); // clocks differ: an event can be seen "after" it was committed
  return ms < 1_000
    ? t('clusters.link.milliseconds', { n: String(ms) })
    : t('clusters.link.seconds', { n: String(Math.round(ms / 100) / 10) });
}

function outboxOf({ outbox }: ClusterLink, t: Translate) {
  const n = String(outbox.waiting);
  if (outbox.waiting === 0) {
    return t('clusters.link.outboxNone');
  }
  return outbox.oldestAt
    ? t('clusters.link.outboxWaiting', { n, age: <Age at={outbox.oldestAt} /> })
    : t('clusters.link.waiting', { n });
}

function keyOf({ rotation }: ClusterLink, t: Translate) {
  if (!rotation) {
    return t('clusters.link.keyFirst');
  }
  return rotation.completedAt
    ? t('clusters.link.keyReplaced', { age: <Age at={rotation.completedAt} /> })
    : t('clusters.link.keyAsked', { age: <Age at={rotation.requestedAt} /> });
}
