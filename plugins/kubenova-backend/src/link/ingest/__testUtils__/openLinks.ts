import { create, MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { EventSchema } from '@kubenova/proto';
import { Knex } from 'knex';
import { randomUUID } from 'node:crypto';
import { insertCluster } from '../../__testUtils__/testDatabase';
import { IngestBatch } from '../types';

type Body = NonNullable<MessageInitShape<typeof EventSchema>['body']>;

/** A link as an open session has it, without the session: it makes the batches that the session would. */
export class OpenTestLink {
  readonly cluster: { id: string; name: string };
  readonly incarnation = randomUUID();
  epoch = 1;
  ackedSeq = 0n;

  static async open(db: Knex): Promise<OpenTestLink> {
    const { id, name } = await insertCluster(db);
    const link = new OpenTestLink({ id, name });
    await db('links').insert({
      cluster_id: id,
      epoch: 1,
      incarnation: link.incarnation,
    });
    return link;
  }

  private constructor(cluster: { id: string; name: string }) {
    this.cluster = cluster;
  }

  /** The next events of the session. */
  batch(...bodies: Body[]): IngestBatch {
    const { cluster, epoch, incarnation, ackedSeq } = this;
    const events = bodies.map((body, index) =>
      create(EventSchema, {
        seq: ackedSeq + BigInt(index + 1),
        key: `key/${index}`,
        observedAt: timestampFromMs(Date.now() - 2_000),
        body,
      }),
    );
    return { cluster, epoch, incarnation, ackedSeq, events };
  }
}

export function tenantStatus(tenant: string): Body {
  return {
    case: 'tenantStatus',
    value: { tenant, uid: randomUUID(), generation: 1n, phase: 'Ready' },
  };
}
