import { MessageInitShape } from '@bufbuild/protobuf';
import { CreditSchema } from '@kubenova/proto';
import { LinkPeriods } from '../settings';
import { CREDIT_BATCH_BYTES, CREDIT_EVENTS } from './IngestLane';
import { Frame } from './Outbound';
import { OpenLink } from './SessionState';
import { SessionClock } from './types';

/** How far the operator may send once this is acknowledged (S5). */
export function creditAfter(
  ackedSeq: bigint,
): MessageInitShape<typeof CreditSchema> {
  return {
    upToSeq: ackedSeq + CREDIT_EVENTS,
    maxBatchBytes: BigInt(CREDIT_BATCH_BYTES),
  };
}

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
      credit: creditAfter(link.ackedSeq),
      heartbeatIntervalMs: options.periods.heartbeat,
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
