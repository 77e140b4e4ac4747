// @ts-check

/**
 * Applications, their revisions, and their deployments in placements.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('applications', table => {
    table.comment(
      'Applications of tenants; a row stays until every deployment is gone',
    );
    table.uuid('id').primary().comment('Id of the row, and of the API');
    table
      .uuid('tenant_id')
      .notNullable()
      .references('id')
      .inTable('tenants')
      .onDelete('RESTRICT')
      .comment('Whose it is');
    table.text('name').notNullable().comment('DNS label, unique in its tenant');
    table.integer('revision').notNullable().comment('The newest revision');
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
    table.unique(['tenant_id', 'name']);
  });

  await knex.schema.createTable('application_revisions', table => {
    table.comment('What was to be deployed, each time it changed');
    table
      .uuid('application_id')
      .notNullable()
      .references('id')
      .inTable('applications')
      .onDelete('CASCADE')
      .comment('What was revised');
    table.integer('revision').notNullable().comment('1, 2, 3, …');
    table
      .text('yaml')
      .notNullable()
      .comment('The Application as the user gave it');
    table
      .text('created_by')
      .notNullable()
      .comment('Entity reference or service');
    table
      .timestamp('created_at', { useTz: true })
      .notNullable()
      .comment('When it was asked for');
    table.primary(['application_id', 'revision']);
  });

  await knex.schema.createTable('deployments', table => {
    table.comment(
      'An application in one placement; a row stays until the cluster has confirmed its deletion (D3)',
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
      .comment('Cluster of the placement');
    table
      .uuid('application_id')
      .notNullable()
      .references('id')
      .inTable('applications')
      .onDelete('RESTRICT')
      .index()
      .comment('What is deployed');
    table
      .uuid('placement_id')
      .notNullable()
      .references('id')
      .inTable('placements')
      .onDelete('RESTRICT')
      .index()
      .comment('Where it is deployed');
    table
      .integer('revision')
      .notNullable()
      .comment('The revision that is wanted here');
    table
      .timestamp('deleting_at', { useTz: true })
      .comment('When its deletion was asked for');
    table
      .text('health')
      .notNullable()
      .checkIn(['Progressing', 'Healthy', 'Degraded', 'Unknown'])
      .comment('As the operator told of status_generation');
    table.text('health_message').comment('Why, in a sentence');
    table.text('phase').comment("KubeVela's own word");
    table
      .jsonb('components')
      .notNullable()
      .defaultTo('[]')
      .comment('Components with their health');
    table
      .jsonb('steps')
      .notNullable()
      .defaultTo('[]')
      .comment('Steps of the workflow');
    table
      .jsonb('conditions')
      .notNullable()
      .defaultTo('[]')
      .comment('Conditions of the Application');
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
    table.unique(['cluster_id', 'application_id']);
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('deployments');
  await knex.schema.dropTable('application_revisions');
  await knex.schema.dropTable('applications');
};
