/** Rules of docs/protocol.md that no frame shows, and what proves them instead. */
export const RULES_OFF_THE_WIRE: Readonly<Record<string, string>> = {
  E5: 'how batches are put into transactions: plugins/kubenova-backend/src/link/ingest',
  S3: 'a replica without its database: plugins/kubenova-backend/src/link/lease',
  S6: 'how a replica hears of changes: plugins/kubenova-backend/src/link/outbox',
};
