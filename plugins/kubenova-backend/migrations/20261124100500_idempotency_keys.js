// @ts-check

/**
 * Answers that a repeated request gets again.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('idempotency_keys', table => {
    table.comment(
      'Idempotency keys of callers with the answers they were given',
    );
    table
      .text('actor')
      .notNullable()
      .comment('Who sent the key: entity reference or service');
    table.text('key').notNullable().comment("The caller's Idempotency-Key");
    table
      .binary('request_hash')
      .notNullable()
      .comment('SHA-256 of the operation and its request');
    table
      .jsonb('answer')
      .comment(
        'The body that was answered; set in the transaction that made the key',
      );
    table
      .timestamp('expires_at', { useTz: true })
      .notNullable()
      .index()
      .comment('When the key may be used again');
    table.primary(['actor', 'key']);
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('idempotency_keys');
};
