import { Durability } from '../types';
import { Replication } from './readReplication';

/** What becomes of a commit when the database fails, by how it keeps it (E6). */
export function durabilityOf(replication: Replication): Durability {
  const { synchronousCommit, synchronousStandbyNames, standbys } = replication;
  switch (synchronousCommit) {
    case 'on':
    case 'remote_apply':
      if (synchronousStandbyNames !== '') {
        return 'replicated'; // a commit waits for the flush there, also while the standby is away
      }
      break;
    case 'local':
    case 'remote_write': // the standby has it in memory, which a crash of both loses
      break;
    default: // off: not even flushed here
      return 'may_lose_on_failover';
  }
  return standbys > 0 ? 'may_lose_on_failover' : 'single';
}
