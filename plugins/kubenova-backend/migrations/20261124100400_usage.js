// @ts-check

/**
 * What tenants requested, hour by hour.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('usage_records', table => {
    table.comment(
      'Usage of a tenant in a cluster in one hour, as one life of an operator saw it (E8). It outlives both, hence names and no references',
    );
    table.uuid('cluster_id').notNullable().comment('Id of the cluster');
    table.text('tenant').notNullable().comment('Name of the tenant');
    table
      .timestamp('hour', { useTz: true })
      .notNullable()
      .comment('Start of the hour, in UTC');
    table
      .text('incarnation')
      .notNullable()
      .comment("Life of the operator's journal that counted");
    table.text('cluster').notNullable().comment('Name of the cluster');
    table
      .bigInteger('minutes')
      .notNullable()
      .comment('Map of the minutes seen: bit n is minute n');
    table
      .specificType('cpu_request_core_minutes', 'numeric')
      .notNullable()
      .defaultTo(0)
      .comment('CPU requests of pods, summed over the minutes seen');
    table
      .specificType('memory_request_byte_minutes', 'numeric')
      .notNullable()
      .defaultTo(0)
      .comment('Memory requests of pods, summed over the minutes seen');
    table
      .specificType('pvc_capacity_byte_minutes', 'numeric')
      .notNullable()
      .defaultTo(0)
      .comment(
        'Capacity of PersistentVolumeClaims, summed over the minutes seen',
      );
    table
      .specificType('load_balancer_minutes', 'numeric')
      .notNullable()
      .defaultTo(0)
      .comment('Services of type LoadBalancer, summed over the minutes seen');
    table
      .specificType('namespace_minutes', 'numeric')
      .notNullable()
      .defaultTo(0)
      .comment('Namespaces, summed over the minutes seen');
    table
      .specificType('pod_minutes', 'numeric')
      .notNullable()
      .defaultTo(0)
      .comment('Pods, summed over the minutes seen');
    table
      .specificType('application_minutes', 'numeric')
      .notNullable()
      .defaultTo(0)
      .comment('KubeVela Applications, summed over the minutes seen');
    table.primary(['cluster_id', 'tenant', 'hour', 'incarnation']);
    table.index(['tenant', 'hour']);
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('usage_records');
};
