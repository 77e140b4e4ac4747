/**
 * What this machine lacks for running datacenters of its own, in sentences for a person.
 *
 * Nothing here changes the machine; installPrerequisites.ts does, for what Debian's packages bring.
 */
import { readFile } from 'node:fs/promises';
import { runCommand } from '../processes/runCommand.ts';
import { commandPackages } from './debianPackages.ts';
import { isToolchainBuilt } from './ensureToolchain.ts';
import { findCommand } from './findCommand.ts';
import { goVersion } from './pins.ts';

export type MissingPrerequisite = {
  /** What is missing, e.g. "runc". */
  what: string;
  /** A sentence: how to get it. */
  how: string;
};

/** The facts about a machine that decide. */
export type MachineFacts = {
  platform: NodeJS.Platform;
  userId: number | undefined;
  /** The set of effective capabilities, as a bit mask; undefined when the system does not tell. */
  capabilities: bigint | undefined;
  /** Commands found in PATH, of those that datacenters call. */
  commands: ReadonlySet<string>;
  /** E.g. "1.26.8"; undefined without Go. */
  go: string | undefined;
  /** Whether the cache has every binary: then Go is not needed. */
  toolchainBuilt: boolean;
};

/** Network namespaces and interfaces; mounts and namespaces of pods. */
const neededCapabilities = [
  { name: 'CAP_NET_ADMIN', bit: 12n },
  { name: 'CAP_SYS_ADMIN', bit: 21n },
];

export async function missingPrerequisites(
  options: { cacheDir?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<MissingPrerequisite[]> {
  return judgeMachine(await factsOf(options));
}

/** The judgement alone, on given facts. */
export function judgeMachine(facts: MachineFacts): MissingPrerequisite[] {
  if (facts.platform !== 'linux') {
    return [
      {
        what: 'Linux',
        how: 'Local datacenters need Linux. Run KubeNova on a Linux machine or in a virtual one, or join an existing cluster from the Datacenters page.',
      },
    ];
  }
  return [
    ...missingRights(facts),
    ...missingGo(facts),
    ...missingCommands(facts),
  ];
}

function missingRights(facts: MachineFacts): MissingPrerequisite[] {
  if (facts.userId !== 0) {
    return [
      {
        what: 'root',
        how: 'Local datacenters make network namespaces and mounts. Start KubeNova as root, for example with "sudo ./kubenova start".',
      },
    ];
  }
  const { capabilities } = facts;
  const lacking =
    capabilities === undefined
      ? []
      : neededCapabilities.filter(({ bit }) => !((capabilities >> bit) & 1n));
  return lacking.map(({ name }) => ({
    what: name,
    how: `This root user may not use ${name}, as in an unprivileged container. Run KubeNova on the machine itself or in a privileged container.`,
  }));
}

function missingGo(facts: MachineFacts): MissingPrerequisite[] {
  if (facts.toolchainBuilt || (facts.go && isAtLeast(facts.go, goVersion))) {
    return [];
  }
  const found = facts.go ? `; found is ${facts.go}` : '';
  return [
    {
      what: `Go ${goVersion} or newer${found}`,
      how: 'It builds Kubernetes once, on the first start. Install it from the Go project\'s download page or your distribution, so that "go version" shows it.',
    },
  ];
}

function missingCommands(facts: MachineFacts): MissingPrerequisite[] {
  return Object.entries(commandPackages)
    .filter(([command]) => !facts.commands.has(command))
    .map(([command, debianPackage]) => ({
      what: command,
      how: `Install it, on Debian and Ubuntu with "apt-get install ${debianPackage}".`,
    }));
}

/** Compares "1.26.8" with "1.26.4"; a pre-release such as "1.27rc1" counts as its release. */
export function isAtLeast(version: string, least: string): boolean {
  const [found, wanted] = [version, least].map(text =>
    text.split('.').map(part => parseInt(part, 10) || 0),
  );
  for (let index = 0; index < wanted.length; index++) {
    const difference = (found[index] ?? 0) - wanted[index];
    if (difference !== 0) {
      return difference > 0;
    }
  }
  return true;
}

async function factsOf(options: {
  cacheDir?: string;
  env?: NodeJS.ProcessEnv;
}): Promise<MachineFacts> {
  const env = options.env ?? process.env;
  return {
    platform: process.platform,
    userId: process.getuid?.(),
    capabilities: await effectiveCapabilities(),
    commands: await commandsIn(env),
    go: await installedGo(env),
    toolchainBuilt: options.cacheDir
      ? await isToolchainBuilt({ cacheDir: options.cacheDir, env })
      : false,
  };
}

async function effectiveCapabilities(): Promise<bigint | undefined> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const mask = /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  return mask === undefined ? undefined : BigInt(`0x${mask}`);
}

async function commandsIn(env: NodeJS.ProcessEnv): Promise<Set<string>> {
  const found = new Set<string>();
  for (const command of Object.keys(commandPackages)) {
    if (await findCommand(command, env)) {
      found.add(command);
    }
  }
  return found;
}

async function installedGo(
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const result = await runCommand('go', ['env', 'GOVERSION'], { env }).catch(
    () => undefined,
  );
  return result?.code === 0
    ? result.stdout.trim().replace(/^go/, '')
    : undefined;
}
