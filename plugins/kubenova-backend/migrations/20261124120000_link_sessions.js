// @ts-check

/**
 * What sessions leave behind: who was refused, how full journals are, which keys operators have, and how many sessions each replica
 * holds.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('links', table => {
    addSession(table);
    addJournal(table);
    addRefusal(table);
    addRotation(table);
  });
  await createOperatorKeys(knex);
  await createReplicas(knex);
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('link_replicas');

  await knex.schema.alterTable('clusters', table => {
    table
      .binary('public_key')
      .comment(
        "The operator's Ed25519 key, 32 bytes; null before it has enrolled",
      );
  });
  await knex.raw(
    `UPDATE clusters SET public_key = operator_keys.public_key FROM operator_keys
     WHERE operator_keys.cluster_id = clusters.id AND role = 'present'`,
  );
  await knex.schema.dropTable('operator_keys');

  await knex.schema.alterTable('links', table => {
    table.dropColumns(
      'capabilities',
      'remote_address',
      'acked_epoch',
      'instance_changes',
      'contested_at',
      'journal_depth',
      'journal_oldest_at',
      'journal_bytes',
      'journal_budget_bytes',
      'refused_reason',
      'refused_message',
      'refused_at',
      'refused_address',
      'rotation_id',
      'rotation_requested_at',
      'rotation_completed_at',
    );
  });
};

/** @param {import('knex').Knex.AlterTableBuilder} table */
function addSession(table) {
  table
    .specificType('capabilities', 'text[]')
    .comment(
      'Optional parts of the protocol that the operator of the newest session has; null before the first',
    );
  table
    .text('remote_address')
    .comment('Where the newest session was dialled from');
  table
    .bigInteger('acked_epoch')
    .notNullable()
    .defaultTo(0)
    .comment(
      'Epoch that moved acked_seq last: a journal that has not seen it is a copy, or was rolled back (E6)',
    );
  table
    .specificType('instance_changes', 'timestamptz(3)[]')
    .notNullable()
    .defaultTo('{}')
    .comment(
      'When the process instance changed, the newest three changes at most (S1)',
    );
  table
    .timestamp('contested_at', { useTz: true, precision: 3 })
    .comment(
      'Last change of the process instance while two operators seem to claim the cluster; null where none do (S1)',
    );
}

/** @param {import('knex').Knex.AlterTableBuilder} table */
function addJournal(table) {
  table
    .bigInteger('journal_depth')
    .comment(
      "Events of the operator's journal that are not acknowledged; null where it never told",
    );
  table
    .timestamp('journal_oldest_at', { useTz: true, precision: 3 })
    .comment(
      'When the oldest of them was seen, by the operator; null for none',
    );
  table
    .bigInteger('journal_bytes')
    .comment('What the events take, acknowledged records included');
  table.bigInteger('journal_budget_bytes').comment('What they may take (E10)');
}

/** @param {import('knex').Knex.AlterTableBuilder} table */
function addRefusal(table) {
  table
    .text('refused_reason')
    .comment(
      'Why an operator was refused since the newest session, as a word; null where none was',
    );
  table.text('refused_message').comment('The same as a sentence');
  table
    .timestamp('refused_at', { useTz: true, precision: 3 })
    .comment('When one was last refused, by database time');
  table.text('refused_address').comment('Where that one dialled from');
}

/** @param {import('knex').Knex.AlterTableBuilder} table */
function addRotation(table) {
  table
    .uuid('rotation_id')
    .comment('The newest wish for a new key (S7); null where none was made');
  table
    .timestamp('rotation_requested_at', { useTz: true, precision: 3 })
    .comment('When it was made');
  table
    .timestamp('rotation_completed_at', { useTz: true, precision: 3 })
    .comment('When the new key opened a session; null until then');
}

/** @param {import('knex').Knex} knex */
async function createOperatorKeys(knex) {
  await knex.schema.createTable('operator_keys', table => {
    table.comment(
      'Keys that operators sign with: the present one, during a rotation the next one, and those that were revoked (S7)',
    );
    table
      .uuid('cluster_id')
      .notNullable()
      .references('id')
      .inTable('clusters')
      .onDelete('CASCADE')
      .comment('The cluster');
    table.binary('public_key').notNullable().comment('Ed25519, raw, 32 bytes');
    table
      .text('role')
      .notNullable()
      .checkIn(['present', 'next', 'revoked'])
      .comment(
        'The next key becomes the present one when it opens a session; a revoked one is good for nothing',
      );
    table
      .timestamp('stored_at', { useTz: true, precision: 3 })
      .notNullable()
      .defaultTo(knex.raw('clock_timestamp()'))
      .comment('When the operator told it');
    table
      .timestamp('revoked_at', { useTz: true, precision: 3 })
      .comment('When it was revoked; null while it is good');
    table.primary(['cluster_id', 'public_key']);
  });
  await knex.raw(
    "CREATE UNIQUE INDEX operator_keys_one_a_role ON operator_keys (cluster_id, role) WHERE role <> 'revoked'",
  );
  await knex.raw(
    `INSERT INTO operator_keys (cluster_id, public_key, role)
     SELECT id, public_key, 'present' FROM clusters WHERE public_key IS NOT NULL`,
  );
  await knex.schema.alterTable('clusters', table => {
    table.dropColumn('public_key');
  });
}

/** @param {import('knex').Knex} knex */
async function createReplicas(knex) {
  await knex.schema.createTable('link_replicas', table => {
    table.comment(
      'The replicas of the Manager that take sessions: each tells by database time how many it has (S4)',
    );
    table.text('replica').primary().comment('Host and process');
    table.integer('sessions').notNullable().comment('Sessions that it holds');
    table
      .timestamp('heartbeat_at', { useTz: true, precision: 3 })
      .notNullable()
      .comment('When it last told, by database time');
  });
}
