// @ts-check

/**
 * What a Manager that lost its past (restored or failed over) finds in a datacenter, and what it needs to go on from there (D9).
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('behind_keys', table => {
    table.comment(
      'Keys of which an operator holds something that the Manager does not know of (D9); while a cluster has any, nothing is sent to it',
    );
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
      .text('difference')
      .notNullable()
      .checkIn(['unknown', 'newer', 'different', 'diverged'])
      .comment('How it differs from what the Manager knows');
    table
      .bigInteger('generation')
      .notNullable()
      .comment('The generation that the operator holds');
    table
      .text('uid')
      .notNullable()
      .comment('UUID of the object that the operator holds');
    table
      .boolean('deleted')
      .notNullable()
      .comment('Whether the operator holds a tombstone');
    table
      .binary('sha256')
      .comment('SHA-256 of what the operator holds; null for a tombstone');
    table
      .text('yaml')
      .comment(
        'What the operator holds, byte for byte; null for a tombstone, and until it was read',
      );
    table
      .timestamp('held_at', { useTz: true, precision: 3 })
      .comment('When the operator told what it holds; null before');
    table
      .timestamp('found_at', { useTz: true, precision: 3 })
      .notNullable()
      .defaultTo(knex.raw('clock_timestamp()'))
      .comment('When a digest showed the difference');
    table.primary(['cluster_id', 'key']);
  });

  await knex.schema.alterTable('links', table => {
    table
      .bigInteger('lost_after')
      .comment(
        'Above it, generations that the operator holds were given out by a past that this database does not know; null once a digest was compared (D9)',
      );
    table
      .boolean('snapshot_wanted')
      .notNullable()
      .defaultTo(false)
      .comment(
        'Whether the next session that sends asks for a snapshot, because states were adopted (E7)',
      );
  });

  await knex.schema.alterTable('desired_states', table => {
    table
      .text('next_uid')
      .comment(
        'UUID of the object that is wanted once the tombstone is confirmed (D9); null where none is',
      );
    table.text('next_yaml').comment('The same, as it is to be sent');
  });

  // What is adopted has the uid that the datacenter knows it by, and the uid is the id of the row.
  await replacePlacementReference(knex, 'CASCADE');
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await replacePlacementReference(knex, 'NO ACTION');
  await knex.schema.alterTable('desired_states', table => {
    table.dropColumns('next_uid', 'next_yaml');
  });
  await knex.schema.alterTable('links', table => {
    table.dropColumns('lost_after', 'snapshot_wanted');
  });
  await knex.schema.dropTable('behind_keys');
};

/**
 * @param {import('knex').Knex} knex
 * @param {string} onUpdate
 */
async function replacePlacementReference(knex, onUpdate) {
  await knex.schema.alterTable('deployments', table => {
    table.dropForeign('placement_id');
  });
  await knex.schema.alterTable('deployments', table => {
    table
      .foreign('placement_id')
      .references('id')
      .inTable('placements')
      .onDelete('RESTRICT')
      .onUpdate(onUpdate);
  });
}
