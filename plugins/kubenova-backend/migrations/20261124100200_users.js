// @ts-check

/**
 * The people who have used the API.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('users', table => {
    table.comment('People, made at the first request of each');
    table.uuid('id').primary().comment('Id of the row, and of the API');
    table
      .text('entity_ref')
      .notNullable()
      .unique()
      .comment('Who it is in Backstage, e.g. user:default/ada');
    table
      .timestamp('created_at', { useTz: true })
      .notNullable()
      .comment('Time of the first request');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('users');
};
