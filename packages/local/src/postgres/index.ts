export {
  endLeftoverPostgres,
  startPostgres,
  type Postgres,
  type StartPostgresOptions,
} from './startPostgres.ts';
export { withPostgres } from './withPostgres.ts';
