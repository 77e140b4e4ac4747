import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { mustRun } from '../processes/runCommand.ts';
import { yarnCommand } from '../processes/yarn.ts';
import { hashFolder } from './hashFiles.ts';

/*
 * What buf makes are ES modules, and the package around them is none, since its build has to have a CommonJS entry. Backstage's
 * development loader goes by package.json alone, so the generated folder has one that says what is in it.
 */
const MODULE_PACKAGE = '{ "type": "module" }\n';

type Options = { root: string; signal: AbortSignal };

export async function isProtobufCodeCurrent(options: Options) {
  const output = mkdtempSync(path.join(os.tmpdir(), 'kubenova-protobuf-'));
  try {
    await buf(options, ['generate', '--output', output]);
    const made = path.join(output, 'src/gen');
    markAsModules(made);
    return hashFolder(made) === hashFolder(generatedFolder(options));
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

export async function generateProtobufCode(options: Options): Promise<void> {
  await buf(options, ['generate']);
  markAsModules(generatedFolder(options));
}

/** Makes the contract as it is now the one that later changes are held to. */
export async function moveProtobufBaseline(options: Options): Promise<void> {
  await buf(options, ['build', '--output', 'baseline.binpb']);
}

function generatedFolder({ root }: Options): string {
  return path.join(root, 'proto/src/gen');
}

function markAsModules(folder: string): void {
  writeFileSync(path.join(folder, 'package.json'), MODULE_PACKAGE);
}

async function buf(options: Options, args: string[]): Promise<void> {
  const { root, signal } = options;
  const command = ['workspace', '@kubenova/proto', 'run', 'buf', ...args];
  await mustRun(...yarnCommand(root, command), { cwd: root, signal });
}
