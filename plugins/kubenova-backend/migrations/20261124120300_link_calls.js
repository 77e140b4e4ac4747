// @ts-check

/**
 * Live questions to operators (S8), and what went wrong on a link lately.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('calls', table => {
    table.comment(
      'Live questions that a replica of the Manager asks an operator, at most once each (S8). A row goes when nobody waits for the answer any more',
    );
    table.uuid('id').primary().comment('Id of the question');
    table
      .uuid('cluster_id')
      .notNullable()
      .references('id')
      .inTable('clusters')
      .onDelete('CASCADE')
      .comment('The cluster whose operator is asked');
    table.text('method').notNullable().comment('What is asked, such as ping');
    table
      .binary('payload')
      .notNullable()
      .comment('The question as the method defines it');
    table
      .binary('recipient_key')
      .notNullable()
      .comment(
        'X25519 public key, raw, 32 bytes, that answers are encrypted to; the private half is in the memory of the asking replica alone',
      );
    table
      .timestamp('deadline', { useTz: true, precision: 3 })
      .notNullable()
      .comment('When the answer has to be there, by database time');
    table
      .text('state')
      .notNullable()
      .defaultTo('waiting')
      .comment(
        'waiting: no session has taken it; sent: claimed_epoch has it; lost: the session ended before the answer did; unsupported: the operator takes no questions',
      );
    table
      .bigInteger('claimed_epoch')
      .comment(
        'The session that has taken it, written before it is sent; it is never sent again',
      );
    table
      .integer('up_to_index')
      .notNullable()
      .comment('Highest index of a part of the answer that may be sent');
    table
      .timestamp('asked_at', { useTz: true, precision: 3 })
      .notNullable()
      .defaultTo(knex.raw('clock_timestamp()'))
      .comment('When it was asked');
    table.index(['cluster_id', 'asked_at'], 'calls_of_cluster');
    table.index(['deadline'], 'calls_deadline');
  });
  await knex.raw(
    "ALTER TABLE calls ADD CONSTRAINT calls_claimed CHECK (state IN ('waiting', 'sent', 'lost', 'unsupported') AND (state = 'waiting') = (claimed_epoch IS NULL))",
  );

  await knex.schema.createTable('call_chunks', table => {
    table.comment(
      'Parts of answers on their way to the asking replica, which takes them away',
    );
    table
      .uuid('call_id')
      .notNullable()
      .references('id')
      .inTable('calls')
      .onDelete('CASCADE')
      .comment('The question');
    table.integer('index').notNullable().comment('Counts the parts from 0');
    table
      .binary('jwe')
      .notNullable()
      .comment('The part as it came: a compact JWE; empty where error is set');
    table.boolean('last').notNullable().comment('Whether it is the last part');
    table
      .text('error')
      .comment('Why the question could not be answered; on a last part only');
    table.primary(['call_id', 'index']);
  });

  await knex.schema.createTable('link_errors', table => {
    table.comment(
      'What went wrong on a link lately, for people: the newest of each cluster',
    );
    table.bigIncrements('id').comment('Rises with time');
    table
      .uuid('cluster_id')
      .notNullable()
      .references('id')
      .inTable('clusters')
      .onDelete('CASCADE')
      .comment('The cluster');
    table
      .text('reason')
      .notNullable()
      .comment('A word in snake_case that a program can switch on');
    table.text('message').notNullable().comment('A sentence for people');
    table
      .integer('count')
      .notNullable()
      .defaultTo(1)
      .comment('How often in a row the same was recorded');
    table
      .timestamp('at', { useTz: true, precision: 3 })
      .notNullable()
      .defaultTo(knex.raw('clock_timestamp()'))
      .comment('When it was recorded last, by database time');
    table.index(['cluster_id', 'id'], 'link_errors_of_cluster');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('link_errors');
  await knex.schema.dropTable('call_chunks');
  await knex.schema.dropTable('calls');
};
