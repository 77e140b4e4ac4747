import { Knex } from 'knex';
import { claimCalls } from './operations/claimCalls';
import { loseCalls } from './operations/loseCalls';
import { readCredits } from './operations/readCredits';
import { refuseCalls } from './operations/refuseCalls';
import { storeChunks } from './operations/storeChunks';
import { CallStates } from './SessionCalls';

/** What one session may do with the calls in the database. */
export function callStates(
  db: Knex,
  session: { clusterId: string; epoch: number },
): CallStates {
  const { clusterId, epoch } = session;
  return {
    claim: limit => claimCalls(db, { clusterId, epoch, limit }),
    refuse: () => refuseCalls(db, { clusterId, epoch }),
    readCredits: ids => readCredits(db, ids),
    store: chunks => storeChunks(db, { clusterId, epoch, chunks }),
    lose: ids => loseCalls(db, { clusterId, epoch, ids }),
  };
}
