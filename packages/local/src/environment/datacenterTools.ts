import { ensureImages, type ImageArchive } from '../images/index.ts';
import type { Instance } from '../instance/index.ts';
import type { OnProgress } from '../progress.ts';
import {
  ensureToolchain,
  installPrerequisites,
  missingPrerequisites,
  type MissingPrerequisite,
  type Toolchain,
} from '../toolchain/index.ts';
import type { Terminal } from '../terminal/steps.ts';

/** What a datacenter is made of. */
export type DatacenterTools = { toolchain: Toolchain; images: ImageArchive[] };

/** What this machine lacks for datacenters of its own, after having installed what can be installed. */
export async function stillMissing(options: {
  instance: Instance;
  terminal: Terminal;
  signal: AbortSignal;
}): Promise<MissingPrerequisite[]> {
  const { instance, terminal, signal } = options;
  const { cacheDir } = instance;
  const missing = await missingPrerequisites({ cacheDir });
  if (missing.length === 0 || process.getuid?.() !== 0) {
    return missing;
  }
  await terminal.step('Installing what datacenters need', async detail => {
    const result = await installPrerequisites({
      purpose: 'datacenters',
      signal,
      onProgress: progress => terminal.say(`  ${progress.message}`),
    });
    detail(
      result.outcome === 'installed'
        ? result.packages.join(', ')
        : result.outcome,
    );
  });
  return missingPrerequisites({ cacheDir });
}

/** Builds Kubernetes and the rest, or finds it built. */
export async function ensureDatacenterTools(options: {
  instance: Instance;
  terminal: Terminal;
  signal: AbortSignal;
  onProgress: OnProgress;
}): Promise<DatacenterTools> {
  const { instance, terminal, signal, onProgress } = options;
  const { cacheDir, root } = instance;
  const toolchain = await terminal.step('Preparing the toolchain', () =>
    ensureToolchain({ cacheDir, signal, onProgress }),
  );
  const images = await terminal.step('Preparing the images', () =>
    ensureImages({ toolchain, root, cacheDir, signal, onProgress }),
  );
  return { toolchain, images };
}
