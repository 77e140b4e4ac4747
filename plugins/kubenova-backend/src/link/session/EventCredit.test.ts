import { create } from '@bufbuild/protobuf';
import { EventSchema } from '@kubenova/proto';
import {
  CREDIT_BATCH_BYTES,
  CREDIT_BYTES,
  EventCredit,
  MAX_EVENT_BYTES,
} from './EventCredit';

const KIB = 1024;

describe('the credit of a session (S5)', () => {
  /** An event of about that size. */
  const event = (seq: number, bytes = 100) =>
    create(EventSchema, {
      seq: BigInt(seq),
      key: 'k'.repeat(bytes),
    });
  const sum = (sizes: number[]) => sizes.reduce((a, b) => a + b, 0);

  it('is absolute and goes beyond what is acknowledged', () => {
    const credit = new EventCredit(7n);
    expect(credit.present).toMatchObject({
      upToSeq: 7n + 2_048n,
      maxBatchBytes: BigInt(CREDIT_BATCH_BYTES),
      upToBytes: BigInt(CREDIT_BYTES),
    });

    const [bytes] = credit.spend([event(8)]);
    credit.hold(bytes);
    credit.giveBack(8n, bytes);

    expect(credit.present).toMatchObject({
      upToSeq: 8n + 2_048n,
      upToBytes: BigInt(CREDIT_BYTES + bytes),
    });
  });

  it('ends a session that sends more bytes than it may, and not one byte earlier', () => {
    const credit = new EventCredit(0n);
    const one = sum(credit.spend([event(1, 60 * KIB)]));
    for (let sent = one, seq = 2; sent + one <= CREDIT_BYTES; seq += 1) {
      sent += sum(credit.spend([event(seq, 60 * KIB)]));
    }
    expect(() => credit.spend([event(99, 60 * KIB)])).toThrow('are its credit');
  });

  it('gives the bytes of acknowledged events back, and those of repeated ones at once', () => {
    const credit = new EventCredit(0n);
    const [bytes] = credit.spend([event(1)]);
    credit.hold(bytes);
    const [again] = credit.spend([event(1)]); // received before: not held

    credit.giveBack(0n, 0);
    expect(credit.present.upToBytes).toBe(BigInt(CREDIT_BYTES + again));
    credit.giveBack(1n, bytes);
    expect(credit.present.upToBytes).toBe(BigInt(CREDIT_BYTES + again + bytes));
  });

  it('takes events of 64 KiB and none that are larger', () => {
    const overhead = new EventCredit(0n).spend([event(1, 65_000)])[0] - 65_000;
    const largest = MAX_EVENT_BYTES - overhead;
    expect(new EventCredit(0n).spend([event(1, largest)])).toEqual([
      MAX_EVENT_BYTES,
    ]);
    expect(() => new EventCredit(0n).spend([event(1, largest + 1)])).toThrow(
      'has 65537 bytes',
    );
  });

  it('takes batches of 1 MiB and none that are larger', () => {
    const batch = (count: number) =>
      Array.from({ length: count }, (_, i) => event(i + 1, 60 * KIB));
    expect(new EventCredit(0n).spend(batch(17))).toHaveLength(17);
    expect(() => new EventCredit(0n).spend(batch(18))).toThrow('EventBatch');
  });

  it('ends at a sequence', () => {
    const credit = new EventCredit(0n);
    expect(credit.spend([event(2_048)])).toHaveLength(1);
    expect(() => credit.spend([event(2_049)])).toThrow('up to 2048');
  });
});
