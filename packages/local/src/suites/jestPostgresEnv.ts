/**
 * What Backstage's TestDatabases reads. Without the variable it drops its Postgres cases without a word, so every
 * way in which this repository runs Jest sets it.
 */
export function jestPostgresEnv(connectionString: string): NodeJS.ProcessEnv {
  return {
    BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING: connectionString,
  };
}
