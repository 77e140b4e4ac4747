// @ts-check

/**
 * Tenants and their placements.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('tenants', table => {
    table.comment('Tenants; a row stays until every placement is gone');
    table.uuid('id').primary().comment('Id of the row');
    table.text('name').notNullable().unique().comment('DNS label');
    table.text('display_name').notNullable().comment('Name for people');
    table
      .timestamp('deleting_at', { useTz: true })
      .comment('When its deletion was asked for');
    table
      .integer('version')
      .notNullable()
      .defaultTo(1)
      .comment('Raised by each change through the API; the ETag');
    table
      .text('created_by')
      .notNullable()
      .comment('Entity reference or service');
    table
      .timestamp('created_at', { useTz: true })
      .notNullable()
      .comment('When it was created');
    table
      .timestamp('updated_at', { useTz: true })
      .notNullable()
      .comment('Last change through the API');
  });

  await knex.schema.createTable('placements', table => {
    table.comment(
      'A tenant in one cluster; a row stays until the cluster has confirmed its deletion (D3)',
    );
    table
      .uuid('id')
      .primary()
      .comment('Id of the row, and uid of its desired state');
    table
      .uuid('cluster_id')
      .notNullable()
      .references('id')
      .inTable('clusters')
      .onDelete('RESTRICT')
      .comment('Where it is placed');
    table
      .uuid('tenant_id')
      .notNullable()
      .references('id')
      .inTable('tenants')
      .onDelete('RESTRICT')
      .index()
      .comment('Who is placed');
    table
      .timestamp('deleting_at', { useTz: true })
      .comment('When its deletion was asked for');
    table
      .text('phase')
      .comment('Phase of the NovaTenant; null before the operator told one');
    table
      .jsonb('namespaces')
      .notNullable()
      .defaultTo('[]')
      .comment('Names of the namespaces that exist');
    table
      .jsonb('conditions')
      .notNullable()
      .defaultTo('[]')
      .comment('Conditions of the NovaTenant');
    table
      .bigInteger('status_generation')
      .notNullable()
      .defaultTo(0)
      .comment(
        'Generation that the status is about; older ones are not taken (E3)',
      );
    table.text('apply_outcome').comment('What became of apply_generation');
    table.text('apply_message').comment("The operator's sentence about it");
    table
      .bigInteger('apply_generation')
      .notNullable()
      .defaultTo(0)
      .comment('Generation that the outcome is about');
    table
      .bigInteger('applied_generation')
      .comment('Newest generation that the cluster has taken');
    table
      .timestamp('last_synced_at', { useTz: true })
      .comment('When the operator last spoke of it');
    table
      .timestamp('created_at', { useTz: true })
      .notNullable()
      .comment('When it was asked for');
    table.unique(['cluster_id', 'tenant_id']);
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('placements');
  await knex.schema.dropTable('tenants');
};
