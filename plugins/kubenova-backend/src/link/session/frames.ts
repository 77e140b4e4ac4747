import { LinkPeriods } from '../settings';
import { EventCredit } from './EventCredit';
import { Frame } from './Outbound';
import { OpenLink } from './SessionState';
import { SessionClock } from './types';

/** What is sent when a session opens: Welcome, and the wish for a snapshot where one is due (E7). */
export function openingFrames(
  link: OpenLink,
  options: { periods: LinkPeriods; clock: SessionClock },
): Frame[] {
  const welcome: Frame = {
    case: 'welcome',
    value: {
      epoch: BigInt(link.epoch),
      ackedSeq: link.ackedSeq,
      credit: new EventCredit(link.ackedSeq).present,
      heartbeatIntervalMs: options.periods.heartbeat,
      capabilities: ['lifecycle-records'],
    },
  };
  return link.snapshotDue
    ? [
        welcome,
        {
          case: 'snapshotRequest',
          value: { id: options.clock.createUuid() },
        },
      ]
    : [welcome];
}
