import { randomUUID } from 'node:crypto';
import { DateTime } from 'luxon';
import type { ApplyResultEvent, OperatorEvent } from '../link/types';
import { newestOfEach } from './newestOfEach';

describe('newestOfEach', () => {
  const [uid, other] = [randomUUID(), randomUUID()];
  const told = (
    seq: number,
    event: Partial<ApplyResultEvent>,
    clusterId = 'fra1',
  ): OperatorEvent<ApplyResultEvent> => ({
    cluster: { id: clusterId, name: clusterId },
    incarnation: 'i',
    position: [1, seq],
    event: {
      type: 'applyResult',
      observedAt: DateTime.utc(2026),
      key: 'tenants/acme',
      uid,
      generation: 1,
      outcome: 'Applied',
      message: '',
      ...event,
    },
  });
  const seqs = (events: Array<OperatorEvent<ApplyResultEvent>>) =>
    newestOfEach(events).map(({ position: [, seq] }) => seq);

  it('keeps the last of one generation, and none of an older one', () => {
    expect(seqs([told(1, {}), told(2, {})])).toEqual([2]);
    expect(seqs([told(1, { generation: 2 }), told(2, {})])).toEqual([1]);
    expect(seqs([told(1, {}), told(2, { generation: 2 })])).toEqual([2]);
  });

  it('keeps objects and clusters apart', () => {
    expect(
      seqs([told(1, {}), told(2, { uid: other }), told(3, {}, 'ams1')]),
    ).toEqual([1, 2, 3]);
  });

  it('leaves out what no row can have the uid of', () => {
    expect(seqs([told(1, { uid: '' }), told(2, { uid: 'gone' })])).toEqual([]);
  });
});
