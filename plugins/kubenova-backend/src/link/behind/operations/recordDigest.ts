import { Knex } from 'knex';
import { limitedTransaction } from '../../lease/limitedTransaction';
import { raiseGeneration } from '../../outbox/operations/raiseGeneration';
import { compareDigest, HeldKey } from '../compareDigest';
import { readKnownKeys } from './readKnownKeys';
import { repairAccepted } from './repairAccepted';
import { replaceBehindKeys } from './replaceBehindKeys';

export type DigestOutcome =
  /** This is not the session of the newest epoch. */
  | { outcome: 'fenced' }
  | {
      outcome: 'compared';
      /** Keys that somebody has to decide about (D9); while there are any, nothing is sent. */
      behind: number;
      /** Those of them of which the operator has not told what it holds. */
      unread: string[];
      /** Whether what somebody has to decide about is another than before. */
      isNews: boolean;
    };

/**
 * Compares a digest with what the Manager knows, and writes what follows from it (D9, D10): one transaction under the link row's lock,
 * which every writer of desired state takes, so that nothing of the cluster changes meanwhile.
 *
 * @param options.leftOut - keys of which the digest says nothing: they were sent after it was made.
 */
export async function recordDigest(
  db: Knex,
  options: {
    clusterId: string;
    epoch: number;
    held: readonly HeldKey[];
    leftOut: ReadonlySet<string>;
  },
): Promise<DigestOutcome> {
  const { clusterId, epoch, leftOut } = options;
  const isTold = ({ key }: { key: string }) => !leftOut.has(key);
  const held = options.held.filter(isTold);
  return limitedTransaction(db, async tx => {
    const link = await tx('links')
      .where({ cluster_id: clusterId, epoch })
      .forUpdate()
      .first('lost_after');
    if (!link) {
      return { outcome: 'fenced' };
    }
    const highest = Math.max(0, ...held.map(({ generation }) => generation));
    await raiseGeneration(tx, { clusterId, highest });
    const known = await readKnownKeys(tx, clusterId);
    const comparison = compareDigest({
      held,
      known: known.filter(isTold),
      lostAfter: link.lost_after === null ? undefined : Number(link.lost_after),
    });
    await repairAccepted(tx, clusterId, comparison.repairs);
    const { isNews } = await replaceBehindKeys(tx, {
      clusterId,
      held,
      leftOut,
      lost: comparison.lost,
    });
    if (link.lost_after !== null) {
      await tx('links')
        .where({ cluster_id: clusterId })
        .update({ lost_after: null });
    }
    const behind: Array<{ key: string; held_at: Date | null }> = await tx(
      'behind_keys',
    )
      .where({ cluster_id: clusterId })
      .orderBy('key')
      .select('key', 'held_at');
    return {
      outcome: 'compared',
      behind: behind.length,
      unread: behind.filter(row => !row.held_at).map(({ key }) => key),
      isNews,
    };
  });
}
