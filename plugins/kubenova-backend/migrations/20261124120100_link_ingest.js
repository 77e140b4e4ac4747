// @ts-check

/**
 * What the ingest keeps: where in the order of events each row stands, snapshots, lifecycle records, gaps, and a halt for poison.
 *
 * A position is {epoch, sequence} of an event: arrays compare element by element, so a later event of the same cluster has the
 * greater one.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('links', table => {
    table
      .bigInteger('event_lag_ms')
      .comment(
        'From when the newest event of the last batch was seen to its ingest, in milliseconds; as good as the clock of the cluster',
      );
    table
      .timestamp('poison_halted_at', { useTz: true, precision: 3 })
      .comment(
        'Since when nothing is acknowledged because too many events are poison; null where all is well (E9)',
      );
    table
      .text('snapshot_id')
      .comment('The snapshot that has begun and not ended (E7)');
    table
      .specificType('snapshot_position', 'bigint[]')
      .comment('Position of the mark that began it');
  });

  await knex.schema.alterTable('desired_states', table => {
    position(table, 'result_position', 'outcome');
  });
  for (const name of ['clusters', 'placements', 'deployments']) {
    await knex.schema.alterTable(name, table => {
      position(table, 'status_position', 'status');
      position(table, 'apply_position', 'apply outcome');
      table
        .timestamp('not_observed_at', { useTz: true, precision: 3 })
        .comment(
          'When a snapshot ended that did not name it; null once it was heard of again (E7)',
        );
    });
  }

  await knex.schema.alterTable('parked_events', table => {
    table
      .bigInteger('epoch')
      .notNullable()
      .defaultTo(0)
      .comment('Epoch of the session that brought it');
    table
      .timestamp('observed_at', { useTz: true, precision: 3 })
      .comment("When the operator saw it, by the cluster's clock");
  });

  await createLifecycleTables(knex);
};

/** @param {import('knex').Knex} knex */
async function createLifecycleTables(knex) {
  await knex.schema.createTable('lifecycle_records', table => {
    table.comment('Steps in the lives of objects, as operators saw them (E8)');
    table
      .uuid('cluster_id')
      .notNullable()
      .references('id')
      .inTable('clusters')
      .onDelete('CASCADE')
      .comment('The cluster');
    table
      .uuid('id')
      .notNullable()
      .comment('UUID of the step: one that comes twice counts once');
    table
      .timestamp('observed_at', { useTz: true, precision: 3 })
      .notNullable()
      .comment("When the operator saw it, by the cluster's clock");
    table.text('key').notNullable().comment('Key of the desired state');
    table.text('uid').notNullable().comment('UUID of the object');
    table
      .bigInteger('generation')
      .notNullable()
      .comment('Generation that the step is about');
    table.text('step').notNullable().comment('Such as Applied or Degraded');
    table.text('message').notNullable().comment('A sentence, or empty');
    table.primary(['cluster_id', 'id']);
    table.index(['cluster_id', 'observed_at', 'id']);
    table.index(['cluster_id', 'key', 'observed_at', 'id']);
  });

  await knex.schema.createTable('link_gaps', table => {
    table.comment(
      'Entries that operators gave up for want of space, counted (E10)',
    );
    table
      .uuid('cluster_id')
      .notNullable()
      .references('id')
      .inTable('clusters')
      .onDelete('CASCADE')
      .comment('The cluster');
    table
      .uuid('id')
      .notNullable()
      .comment('Of this row; made out of incarnation and sequence');
    table
      .timestamp('observed_at', { useTz: true, precision: 3 })
      .notNullable()
      .comment("When the operator told it, by the cluster's clock");
    table.bigInteger('dropped').notNullable().comment('How many entries');
    table
      .timestamp('since', { useTz: true, precision: 3 })
      .comment('When the first of them was seen');
    table
      .timestamp('until', { useTz: true, precision: 3 })
      .comment('When the last of them was seen');
    table.text('kind').notNullable().comment('What they were');
    table.primary(['cluster_id', 'id']);
    table.index(['cluster_id', 'observed_at', 'id']);
  });
}

/**
 * @param {import('knex').Knex.AlterTableBuilder} table
 * @param {string} column
 * @param {string} what
 */
function position(table, column, what) {
  table
    .specificType(column, 'bigint[]')
    .notNullable()
    .defaultTo('{0,0}')
    .comment(`Position of the event that told the ${what}; none older counts`);
}

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('link_gaps');
  await knex.schema.dropTable('lifecycle_records');
  await knex.schema.alterTable('parked_events', table =>
    table.dropColumns('epoch', 'observed_at'),
  );
  for (const name of ['clusters', 'placements', 'deployments']) {
    await knex.schema.alterTable(name, table =>
      table.dropColumns('status_position', 'apply_position', 'not_observed_at'),
    );
  }
  await knex.schema.alterTable('desired_states', table =>
    table.dropColumns('result_position'),
  );
  await knex.schema.alterTable('links', table =>
    table.dropColumns(
      'event_lag_ms',
      'poison_halted_at',
      'snapshot_id',
      'snapshot_position',
    ),
  );
};
