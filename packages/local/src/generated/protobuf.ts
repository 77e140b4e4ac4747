import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { mustRun } from '../processes/runCommand.ts';
import { yarnCommand } from '../processes/yarn.ts';
import { hashFolder } from './hashFiles.ts';

type Options = { root: string; signal: AbortSignal };

export async function isProtobufCodeCurrent(options: Options) {
  const output = mkdtempSync(path.join(os.tmpdir(), 'kubenova-protobuf-'));
  try {
    await buf(options, ['generate', '--output', output]);
    const committed = path.join(options.root, 'proto/src/gen');
    return hashFolder(path.join(output, 'src/gen')) === hashFolder(committed);
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

export async function generateProtobufCode(options: Options): Promise<void> {
  await buf(options, ['generate']);
}

/** Makes the contract as it is now the one that later changes are held to. */
export async function moveProtobufBaseline(options: Options): Promise<void> {
  await buf(options, ['build', '--output', 'baseline.binpb']);
}

async function buf(options: Options, args: string[]): Promise<void> {
  const { root, signal } = options;
  const command = ['workspace', '@kubenova/proto', 'run', 'buf', ...args];
  await mustRun(...yarnCommand(root, command), { cwd: root, signal });
}
