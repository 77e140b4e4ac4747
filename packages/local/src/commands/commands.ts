import type { Command } from './types.ts';

export const COMMANDS: Command[] = [
  {
    name: 'help',
    usage: 'help',
    summary: 'Lists the commands.',
    load: async () => (await import('./help.ts')).help,
  },
  {
    name: 'start',
    usage: 'start [--no-datacenters] [--replicas N]',
    summary:
      'Brings up the portal, two real datacenters, a tenant and an application.',
    load: async () => (await import('./start.ts')).start,
  },
  {
    name: 'dev',
    usage: 'dev',
    summary: 'The portal alone, with hot reload, on the data of start.',
    load: async () => (await import('./dev.ts')).dev,
  },
  {
    name: 'test',
    usage: 'test [SUITE…] [-- FILTER…]',
    summary:
      'Runs format, lint, types, unit, integration and e2e, or the suites named.',
    load: async () => (await import('./test.ts')).test,
  },
  {
    name: 'bench',
    usage: 'bench start [--cold] | bench link',
    summary:
      'Measures how long a start takes, or what the link takes and gives.',
    load: async () => (await import('./bench.ts')).bench,
  },
  {
    name: 'datacenter',
    usage: 'datacenter up|down|list|kubeconfig|shell [NAME]',
    summary: 'Local datacenters one by one.',
    load: async () => (await import('./datacenter.ts')).datacenterCommand,
  },
  {
    name: 'image',
    usage: 'image save operator|capsule-proxy',
    summary:
      'Writes an image that no registry has, to load it into a cluster of your own.',
    load: async () => (await import('./image.ts')).imageCommand,
  },
  {
    name: 'generate',
    usage: 'generate [baseline]',
    summary:
      'Renews the code generated from proto and openapi.yaml; or makes the contract of today the one that changes are held to.',
    load: async () => (await import('./generate.ts')).generate,
  },
  {
    name: 'with-postgres',
    usage: 'with-postgres COMMAND…',
    summary:
      'Runs a command with an empty Postgres that lasts as long as it does, for single Jest tests.',
    load: async () => (await import('./withPostgres.ts')).withPostgresCommand,
  },
];
