import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  assertDatacenterName,
  binDirOf,
  type Datacenter,
  type DatacenterState,
  downDatacenter,
  InvalidDatacenterName,
  listDatacenters,
  upDatacenter,
} from '../datacenter/index.ts';
import { ensureImages } from '../images/index.ts';
import { type Instance, openInstance } from '../instance/index.ts';
import type { OnProgress } from '../progress.ts';
import { terminal } from '../terminal/steps.ts';
import {
  ensureToolchain,
  installPrerequisites,
  missingPrerequisites,
} from '../toolchain/index.ts';
import { CommandError, type CommandContext } from './types.ts';

export const DATACENTER_USAGE =
  'datacenter up NAME | down NAME [--purge] | list | kubeconfig NAME | shell NAME';

type Context = CommandContext & { instance: Instance };

/** `datacenter up|down|list|kubeconfig|shell`: local datacenters without the portal. */
export async function datacenterCommand(
  context: CommandContext,
): Promise<number> {
  const { verb, name, purge } = parse(context.args);
  const { root, env } = context;
  const instance = await openInstance({ root, name: 'default', env });
  const complete = { ...context, instance };
  if (verb === 'list') return list(instance);
  if (!name) throw new CommandError(`Usage: ./kubenova ${DATACENTER_USAGE}`);
  switch (verb) {
    case 'up':
      return up(complete, name);
    case 'down':
      return down(instance, name, purge);
    case 'kubeconfig':
      return kubeconfig(instance, name);
    case 'shell':
      return shell(complete, name);
    default:
      throw new CommandError(`Usage: ./kubenova ${DATACENTER_USAGE}`);
  }
}

function parse(args: string[]): {
  verb: string | undefined;
  name: string | undefined;
  purge: boolean;
} {
  let parsed;
  try {
    parsed = parseArgs({
      args,
      options: { purge: { type: 'boolean', default: false } },
      allowPositionals: true,
    });
  } catch {
    throw new CommandError(`Usage: ./kubenova ${DATACENTER_USAGE}`);
  }
  const [verb, name, ...rest] = parsed.positionals;
  if (rest.length > 0 || (parsed.values.purge && verb !== 'down'))
    throw new CommandError(`Usage: ./kubenova ${DATACENTER_USAGE}`);
  return { verb, name, purge: parsed.values.purge };
}

const sayProgress: OnProgress = ({ index, total, message }) =>
  terminal.say(`  [${index}/${total}] ${message}`);

async function demandPrerequisites(context: Context): Promise<void> {
  const { env, signal, instance } = context;
  const { cacheDir } = instance;
  await installPrerequisites({
    purpose: 'datacenters',
    signal,
    onProgress: sayProgress,
  });
  const missing = await missingPrerequisites({ cacheDir, env });
  if (missing.length > 0)
    throw new CommandError(
      `This machine cannot run datacenters yet:\n${missing
        .map(({ what, how }) => `  ${what}: ${how}`)
        .join('\n')}`,
    );
}

async function up(context: Context, name: string): Promise<number> {
  const { root, env, signal, instance } = context;
  const { cacheDir } = instance;
  demandName(name);
  const common = { cacheDir, env, signal, onProgress: sayProgress };
  await demandPrerequisites(context);
  const toolchain = await terminal.step('Making sure of the toolchain', () =>
    ensureToolchain(common),
  );
  const images = await terminal.step('Making sure of the images', () =>
    ensureImages({ ...common, toolchain, root }),
  );
  const datacenter = await terminal.step(
    `Starting the datacenter ${name}`,
    () =>
      upDatacenter({
        instance,
        name,
        toolchain,
        images,
        snapshot: 'use',
        signal,
        onProgress: sayProgress,
      }),
  );
  terminal.say(
    `${name} is up. Use it with: export KUBECONFIG=${datacenter.kubeconfig}`,
  );
  return 0;
}

/** Before anything is built for a datacenter that cannot be. */
function demandName(name: string): void {
  try {
    assertDatacenterName(name);
  } catch (error) {
    if (error instanceof InvalidDatacenterName)
      throw new CommandError(error.message);
    throw error;
  }
}

async function down(
  instance: Instance,
  name: string,
  purge: boolean,
): Promise<number> {
  await known(instance, name);
  await terminal.step(
    purge
      ? `Ending and removing the datacenter ${name}`
      : `Ending the datacenter ${name}`,
    () => downDatacenter({ instance, name, purge }),
  );
  if (!purge)
    terminal.say(
      `Its state is kept: ./kubenova datacenter up ${name} resumes it.`,
    );
  return 0;
}

async function list(instance: Instance): Promise<number> {
  const datacenters = await listDatacenters(instance);
  if (datacenters.length === 0) {
    terminal.say(
      'There are no datacenters yet: make one with ./kubenova datacenter up fra1',
    );
    return 0;
  }
  const rows = datacenters.map(
    ({ name, state, nodeAddress, kubeconfig: path }) =>
      [name.padEnd(20), state.padEnd(6), nodeAddress.padEnd(15), path].join(
        ' ',
      ),
  );
  const header = ['NAME'.padEnd(20), 'STATE ', 'ADDRESS'.padEnd(15)];
  console.log([[...header, 'KUBECONFIG'].join(' '), ...rows].join('\n'));
  return 0;
}

/** Prints the kubeconfig and nothing else, so that it can be piped into a file. */
async function kubeconfig(instance: Instance, name: string): Promise<number> {
  const datacenter = await known(instance, name);
  process.stdout.write(await readFile(datacenter.kubeconfig, 'utf8'));
  return 0;
}

/** A shell in the datacenter's network, with the tools and an administrator's rights. */
async function shell(context: Context, name: string): Promise<number> {
  const { env, instance } = context;
  const datacenter = await known(instance, name);
  const binDir = binDirOf(datacenter);
  if (datacenter.state === 'down' || !binDir)
    throw new CommandError(
      `${name} is down: start it with ./kubenova datacenter up ${name}`,
    );
  const child = spawn(
    'nsenter',
    [`--net=/run/netns/${datacenter.netns}`, '--', env.SHELL ?? '/bin/sh'],
    {
      stdio: 'inherit',
      env: {
        ...env,
        PATH: `${binDir}:${env.PATH}`,
        KUBECONFIG: datacenter.kubeconfig,
        CONTAINERD_ADDRESS: join(instance.runDir, name, 'containerd.sock'),
        CONTAINERD_NAMESPACE: 'k8s.io',
      },
    },
  );
  const [code] = await once(child, 'exit');
  return typeof code === 'number' ? code : 1;
}

async function known(
  instance: Instance,
  name: string,
): Promise<Datacenter & { state: DatacenterState }> {
  const datacenters = await listDatacenters(instance);
  const datacenter = datacenters.find(candidate => candidate.name === name);
  if (datacenter) return datacenter;
  const names = datacenters.map(candidate => candidate.name).join(', ');
  throw new CommandError(
    names
      ? `There is no datacenter ${name}; there are ${names}.`
      : `There is no datacenter ${name}: make it with ./kubenova datacenter up ${name}`,
  );
}
