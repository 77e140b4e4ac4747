// @ts-check

/**
 * Clusters, and the tokens with which their operators join.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('clusters', table => {
    table.comment('Clusters, one a datacenter');
    table
      .uuid('id')
      .primary()
      .comment('Id of the row, and uid of its desired state');
    table
      .uuid('nova_cluster_id')
      .notNullable()
      .unique()
      .comment('What the operator calls itself by (NOVA_CLUSTER_ID)');
    table.text('name').notNullable().unique().comment('DNS label');
    table
      .text('datacenter')
      .notNullable()
      .comment('Where it stands, for people');
    table
      .text('status')
      .notNullable()
      .checkIn(['pending_bootstrap', 'bootstrapping', 'connected', 'error'])
      .comment('How far its bootstrap has come');
    table.text('status_reason').comment('Why the status is error');
    table
      .jsonb('config')
      .notNullable()
      .comment(
        'Settings that become the NovaClusterConfig (ClusterConfig of the API)',
      );
    table
      .jsonb('progress')
      .comment(
        'What whoever sets the cluster up is waiting for; null once it has connected',
      );
    table
      .binary('public_key')
      .comment(
        "The operator's Ed25519 key, 32 bytes; null before it has enrolled",
      );
    table.text('operator_version').comment('As the operator last told');
    table.text('kubernetes_version').comment('As the operator last told');
    table
      .timestamp('connected_at', { useTz: true })
      .comment('When the first session was opened');
    table.text('phase').comment('Phase of the NovaClusterConfig');
    table
      .jsonb('components')
      .notNullable()
      .defaultTo('[]')
      .comment('State of Capsule, capsule-proxy and KubeVela');
    table
      .jsonb('conditions')
      .notNullable()
      .defaultTo('[]')
      .comment('Conditions of the NovaClusterConfig');
    table.jsonb('capacity').comment('Nodes, CPU and memory');
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
      .integer('version')
      .notNullable()
      .defaultTo(1)
      .comment('Raised by each change through the API; the ETag');
    table
      .timestamp('created_at', { useTz: true })
      .notNullable()
      .comment('When it was registered');
    table
      .timestamp('updated_at', { useTz: true })
      .notNullable()
      .comment('Last change through the API');
  });

  await knex.schema.createTable('join_tokens', table => {
    table.comment('Tokens with which an operator enrols; only hashes are kept');
    table.binary('token_hash').primary().comment('SHA-256 of the token');
    table
      .uuid('cluster_id')
      .notNullable()
      .references('id')
      .inTable('clusters')
      .onDelete('CASCADE')
      .index()
      .comment('The cluster whose operator may use it');
    table
      .timestamp('expires_at', { useTz: true })
      .notNullable()
      .comment('When it stops being good');
    table
      .binary('public_key')
      .comment(
        'The one key that may use the token from now on; null before its first use (S7)',
      );
    table.timestamp('used_at', { useTz: true }).comment('First use');
    table
      .text('created_by')
      .notNullable()
      .comment('Entity reference or service');
    table
      .timestamp('created_at', { useTz: true })
      .notNullable()
      .comment('When it was made');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('join_tokens');
  await knex.schema.dropTable('clusters');
};
