/*
 * Tables beside the link's own that say what happened to those: what no later change can rewrite.
 *
 * Each row is written in the transaction that it tells of, and under the lock of the cluster's link row, so the order of their ids is the
 * order of the commits of one cluster. `writer` is the replica whose connection wrote, `holder` the one that held the link then.
 */
export const LEDGER_SCHEMA = `
CREATE TABLE ledger_records (
  id bigserial PRIMARY KEY,
  cluster_id uuid NOT NULL,
  record text NOT NULL,
  incarnation uuid NOT NULL,
  epoch bigint NOT NULL,
  open_epoch bigint NOT NULL,
  holder text NOT NULL,
  writer text NOT NULL DEFAULT current_setting('application_name')
);

CREATE TABLE ledger_states (
  cluster_id uuid NOT NULL,
  key text NOT NULL,
  uid text NOT NULL,
  generation bigint NOT NULL,
  revision text NOT NULL,
  position bigint[] NOT NULL,
  PRIMARY KEY (cluster_id, key)
);

CREATE TABLE ledger_links (
  id bigserial PRIMARY KEY,
  cluster_id uuid NOT NULL,
  epoch_before bigint NOT NULL,
  epoch bigint NOT NULL,
  incarnation_before uuid,
  incarnation uuid,
  acked_before bigint NOT NULL,
  acked bigint NOT NULL,
  generation_before bigint NOT NULL,
  generation bigint NOT NULL,
  holder text,
  writer text NOT NULL DEFAULT current_setting('application_name')
);

CREATE FUNCTION ledger_link() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO ledger_links (cluster_id, epoch_before, epoch, incarnation_before, incarnation, acked_before, acked, generation_before, generation, holder)
  VALUES (new.cluster_id, old.epoch, new.epoch, old.incarnation, new.incarnation, old.acked_seq, new.acked_seq, old.generation, new.generation, new.replica);
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_link AFTER UPDATE ON links FOR EACH ROW
WHEN (old.epoch <> new.epoch OR old.acked_seq <> new.acked_seq OR old.generation <> new.generation)
EXECUTE FUNCTION ledger_link();

CREATE TABLE ledger_accepted (
  id bigserial PRIMARY KEY,
  cluster_id uuid NOT NULL,
  key text NOT NULL,
  generation bigint NOT NULL,
  accepted bigint NOT NULL,
  epoch bigint NOT NULL,
  behind boolean NOT NULL,
  holder text,
  writer text NOT NULL DEFAULT current_setting('application_name')
);

CREATE FUNCTION ledger_accept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO ledger_accepted (cluster_id, key, generation, accepted, epoch, behind, holder)
  SELECT new.cluster_id, new.key, new.generation, new.accepted_generation, links.epoch,
    EXISTS (SELECT FROM behind_keys WHERE behind_keys.cluster_id = new.cluster_id), links.replica
  FROM links WHERE links.cluster_id = new.cluster_id;
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_accept AFTER UPDATE ON desired_states FOR EACH ROW
WHEN (new.accepted_generation IS NOT NULL AND new.accepted_generation IS DISTINCT FROM old.accepted_generation)
EXECUTE FUNCTION ledger_accept();
`;
