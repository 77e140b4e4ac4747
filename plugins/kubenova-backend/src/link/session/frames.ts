import { MessageInitShape } from '@bufbuild/protobuf';
import { CreditSchema, WelcomeSchema } from '@kubenova/proto';
import { LinkPeriods } from '../settings';
import { CREDIT_BATCH_BYTES, CREDIT_EVENTS } from './IngestLane';
import { OpenLink } from './SessionState';

/** How far the operator may send once this is acknowledged (S5). */
export function creditAfter(
  ackedSeq: bigint,
): MessageInitShape<typeof CreditSchema> {
  return {
    upToSeq: ackedSeq + CREDIT_EVENTS,
    maxBatchBytes: BigInt(CREDIT_BATCH_BYTES),
  };
}

export function welcome(
  link: OpenLink,
  periods: LinkPeriods,
): MessageInitShape<typeof WelcomeSchema> {
  return {
    epoch: BigInt(link.epoch),
    ackedSeq: link.ackedSeq,
    credit: creditAfter(link.ackedSeq),
    heartbeatIntervalMs: periods.heartbeat,
  };
}
