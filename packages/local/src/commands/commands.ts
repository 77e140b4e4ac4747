import type { Command } from './types.ts';

export const COMMANDS: Command[] = [
  {
    name: 'help',
    usage: 'help',
    summary: 'Lists the commands.',
    load: async () => (await import('./help.ts')).help,
  },
  {
    name: 'with-postgres',
    usage: 'with-postgres COMMAND…',
    summary:
      'Runs a command with an empty Postgres that lasts as long as it does, for single Jest tests.',
    load: async () => (await import('./withPostgres.ts')).withPostgresCommand,
  },
];
