import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import {
  ensureSavableImage,
  savableImages,
  type SavableImage,
} from '../images/index.ts';
import { cacheDirOf } from '../instance/index.ts';
import type { OnProgress } from '../progress.ts';
import { terminal } from '../terminal/steps.ts';
import { ensureOperatorTools } from '../toolchain/index.ts';
import { CommandError, type CommandContext } from './types.ts';

const usage = `Say which image: ./kubenova image save ${savableImages.join(
  '|',
)} [--output FILE]`;

/**
 * `image save NAME [--output FILE]`: writes an image that no registry has as an archive, for people who join a cluster
 * of their own: `kind load image-archive FILE`, `k3d image import FILE`, `ctr images import FILE`, `docker load`.
 */
export async function imageCommand(context: CommandContext): Promise<number> {
  const { image, output } = parse(context.args);
  const { root, env, signal } = context;
  const cacheDir = cacheDirOf(env);
  const onProgress: OnProgress = ({ message }) => terminal.say(message);
  const options = { cacheDir, env, signal, onProgress };
  const toolchain = await ensureOperatorTools(options);
  const { reference, archive } = await ensureSavableImage({
    ...options,
    toolchain,
    root,
    image,
  });
  const file = path.resolve(output ?? `${image}.tar`);
  await copyFile(archive, file);
  terminal.say(`${reference} is in ${file}. Load it into each node, for example:
  kind load image-archive ${file}
  k3d image import ${file}
  ctr --namespace k8s.io images import ${file}`);
  return 0;
}

function parse(args: string[]): { image: SavableImage; output?: string } {
  let parsed;
  try {
    parsed = parseArgs({
      args,
      options: { output: { type: 'string', short: 'o' } },
      allowPositionals: true,
    });
  } catch {
    throw new CommandError(usage);
  }
  const [verb, name, ...rest] = parsed.positionals;
  const image = savableImages.find(candidate => candidate === name);
  if (verb !== 'save' || !image || rest.length > 0) {
    throw new CommandError(usage);
  }
  return { image, output: parsed.values.output };
}
