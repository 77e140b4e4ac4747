// @ts-check

/**
 * The link: how far each operator has come, what it is to have, and what it told that could not be understood.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('installation', table => {
    table.comment('What this installation of KubeNova is known by. One row.');
    table
      .boolean('singleton')
      .primary()
      .defaultTo(true)
      .comment('Always true: keeps the table at one row');
    table
      .uuid('id')
      .notNullable()
      .comment('The installation id: operators pin it and sign it');
    table
      .text('ca_certificate')
      .comment('Certificate of the CA of our own, PEM; made when it is needed');
    table
      .text('ca_key_sealed')
      .comment(
        'Private key of the CA, PEM, sealed with kubenova.encryptionKey',
      );
    table
      .text('server_key_sealed')
      .comment(
        'Private key of the link listener, PEM, sealed; one for all replicas, so that a shown join command stays good',
      );
    table
      .timestamp('created_at', { useTz: true, precision: 3 })
      .notNullable()
      .defaultTo(knex.fn.now(3))
      .comment('When the installation started for the first time');
  });
  await knex.raw(
    'ALTER TABLE installation ADD CONSTRAINT installation_one_row CHECK (singleton)',
  );

  await knex.schema.createTable('links', table => {
    table.comment(
      'One row for each cluster: the counter of its generations, its session and what is acknowledged',
    );
    table
      .uuid('cluster_id')
      .primary()
      .references('id')
      .inTable('clusters')
      .onDelete('CASCADE')
      .comment('The cluster');
    table
      .bigInteger('generation')
      .notNullable()
      .defaultTo(0)
      .comment(
        'Highest generation given out; raised under the lock of this row, never reset (D1)',
      );
    table
      .bigInteger('epoch')
      .notNullable()
      .defaultTo(0)
      .comment(
        'Number of the newest session; 0 before the first. Fences older ones (E4)',
      );
    table
      .uuid('incarnation')
      .comment('Life of the journal that acked_seq belongs to');
    table
      .bigInteger('acked_seq')
      .notNullable()
      .defaultTo(0)
      .comment('Highest event sequence that is committed (E4)');
    table
      .uuid('process_instance')
      .comment('Life of the operator process of the newest session (S1)');
    table
      .boolean('open')
      .notNullable()
      .defaultTo(false)
      .comment('Whether the newest session has not been ended in order');
    table
      .text('replica')
      .comment('The replica of the Manager that holds the newest session');
    table
      .timestamp('opened_at', { useTz: true, precision: 3 })
      .comment('When the newest session was opened, by database time');
    table
      .timestamp('closed_at', { useTz: true, precision: 3 })
      .comment('When the newest session was ended in order, by database time');
    table.text('close_reason').comment('Why the newest session ended');
    table
      .timestamp('last_seen_at', { useTz: true, precision: 3 })
      .comment('When the operator was last heard, by database time (S2)');
    table
      .boolean('stale')
      .notNullable()
      .defaultTo(false)
      .comment('Whether the operator has been silent for too long (S2)');
  });

  await knex.schema.createTable('desired_states', table => {
    table.comment('The last word on each key of each cluster (D2)');
    table
      .uuid('cluster_id')
      .notNullable()
      .references('id')
      .inTable('clusters')
      .onDelete('CASCADE')
      .comment('The cluster');
    table
      .text('key')
      .notNullable()
      .comment(
        'cluster/config, tenants/<name> or applications/<tenant>/<name>',
      );
    table
      .text('uid')
      .notNullable()
      .comment('UUID of the object; differs when a name is used again (D3)');
    table
      .bigInteger('generation')
      .notNullable()
      .comment('The generation of this word (D1)');
    table
      .boolean('tombstone')
      .notNullable()
      .comment('Whether the object is to be gone (D6)');
    table
      .text('yaml')
      .comment(
        'The object as it is sent, null for a tombstone. These bytes are the truth (D2)',
      );
    table
      .binary('sha256')
      .comment('SHA-256 of yaml, 32 bytes; null for a tombstone');
    table
      .smallint('delivery_rank')
      .notNullable()
      .comment(
        'Order of sending: configuration, tenants, applications, tombstones in reverse (D5)',
      );
    table
      .bigInteger('accepted_generation')
      .comment(
        'What the operator has stored durably; null where it holds nothing (D4)',
      );
    table
      .bigInteger('result_generation')
      .comment('The generation that outcome is about');
    table
      .text('outcome')
      .comment('Applied, Waiting, Failed, Refused, Deleting or Deleted');
    table.text('message').comment('What the operator says about the outcome');
    table
      .timestamp('written_at', { useTz: true, precision: 3 })
      .notNullable()
      .defaultTo(knex.raw('clock_timestamp()'))
      .comment('When this word was written');
    table
      .timestamp('deleted_at', { useTz: true, precision: 3 })
      .comment(
        'When the operator confirmed the tombstone; until then the key is reserved (D3)',
      );
    table.primary(['cluster_id', 'key']);
  });
  await knex.raw(
    'ALTER TABLE desired_states ADD CONSTRAINT desired_states_word CHECK (tombstone = (yaml IS NULL) AND tombstone = (sha256 IS NULL))',
  );
  // What is to be sent is a small part of what is kept: the index holds that part alone, in the order of sending.
  await knex.raw(
    'CREATE INDEX desired_states_unsent ON desired_states (cluster_id, delivery_rank, generation) WHERE deleted_at IS NULL AND (accepted_generation IS NULL OR accepted_generation < generation)',
  );

  await knex.schema.createTable('parked_events', table => {
    table.comment(
      'Events that could not be read or projected: set aside so that they stop nothing, kept so that nothing is lost (E9)',
    );
    table
      .uuid('cluster_id')
      .notNullable()
      .references('id')
      .inTable('clusters')
      .onDelete('CASCADE')
      .comment('The cluster');
    table
      .uuid('incarnation')
      .notNullable()
      .comment('Life of the journal that the sequence belongs to');
    table.bigInteger('seq').notNullable().comment('Sequence of the event');
    table.text('key').notNullable().comment('Key of the event');
    table
      .binary('event')
      .notNullable()
      .comment('The Event frame, as protobuf, to be replayed');
    table.text('code').notNullable().comment('UNREADABLE or an SQLSTATE');
    table.text('error').notNullable().comment('What was wrong');
    table
      .timestamp('parked_at', { useTz: true, precision: 3 })
      .notNullable()
      .defaultTo(knex.raw('clock_timestamp()'))
      .comment('When it was set aside');
    table.primary(['cluster_id', 'incarnation', 'seq']);
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('parked_events');
  await knex.schema.dropTable('desired_states');
  await knex.schema.dropTable('links');
  await knex.schema.dropTable('installation');
};
