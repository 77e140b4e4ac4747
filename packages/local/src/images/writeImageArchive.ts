import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-stream';
import { addFile, epoch, writeLayerTar, type LayerTar } from './layerTar.ts';
import type { ImageSpec } from './types.ts';

/**
 * Assembles an image into a docker-archive at `file`. Deterministic: equal content gives an equal archive. The archive
 * appears whole or not at all.
 */
export async function writeImageArchive(
  spec: ImageSpec,
  file: string,
  signal: AbortSignal,
): Promise<void> {
  const unfinished = `${file}.unfinished`;
  const layers: LayerTar[] = [];
  try {
    for (const [index, layer] of spec.layers.entries()) {
      layers.push(await writeLayerTar(layer, `${file}.layer-${index}`, signal));
    }
    await writeArchive(spec, layers, unfinished, signal);
    await rename(unfinished, file);
  } finally {
    const leftovers = spec.layers.map((_, index) => `${file}.layer-${index}`);
    for (const leftover of [unfinished, ...leftovers]) {
      await rm(leftover, { force: true });
    }
  }
}

async function writeArchive(
  spec: ImageSpec,
  layers: readonly LayerTar[],
  file: string,
  signal: AbortSignal,
): Promise<void> {
  const configuration = JSON.stringify(imageConfiguration(spec, layers));
  const id = createHash('sha256').update(configuration).digest('hex');
  const manifest = JSON.stringify([
    {
      Config: `${id}.json`,
      RepoTags: [spec.reference],
      Layers: layers.map(layerName),
    },
  ]);
  const tar = pack();
  const written = pipeline(tar, createWriteStream(file), { signal });
  const fill = async () => {
    tar.entry({ name: `${id}.json`, mtime: epoch }, configuration);
    for (const layer of layers) {
      await addFile(tar, { name: layerName(layer), mtime: epoch }, layer.file);
    }
    tar.entry({ name: 'manifest.json', mtime: epoch }, manifest);
    tar.finalize();
  };
  await Promise.all([
    written,
    fill().catch(error => {
      tar.destroy(error);
      throw error;
    }),
  ]);
}

function layerName(layer: LayerTar): string {
  return `${layer.sha256}/layer.tar`;
}

/** The image's configuration as the OCI image specification has it. */
function imageConfiguration(spec: ImageSpec, layers: readonly LayerTar[]) {
  const env = {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    ...spec.env,
  };
  return {
    architecture: imageArchitecture(process.arch),
    os: 'linux',
    created: epoch.toISOString(),
    config: {
      Entrypoint: spec.entrypoint,
      User: spec.user,
      Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
      WorkingDir: '/',
    },
    rootfs: {
      type: 'layers',
      diff_ids: layers.map(({ sha256 }) => `sha256:${sha256}`),
    },
    history: layers.map(() => ({
      created: epoch.toISOString(),
      created_by: 'kubenova',
    })),
  };
}

/** Images are made for the machine that assembles them; Go's names of processors are the registries'. */
function imageArchitecture(arch: NodeJS.Architecture): string {
  switch (arch) {
    case 'x64':
      return 'amd64';
    case 'arm64':
      return 'arm64';
    default:
      throw new Error(
        `Images can be made on x64 and arm64 machines; this one is ${arch}.`,
      );
  }
}
