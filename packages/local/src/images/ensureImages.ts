import path from 'node:path';
import type { OnProgress } from '../progress.ts';
import { findCommand } from '../toolchain/findCommand.ts';
import type { Toolchain } from '../toolchain/toolchainFolders.ts';
import { ensureImageArchive } from './archiveStore.ts';
import { capsuleProxyImage, componentImages } from './componentImages.ts';
import { ensureOperatorBundle } from './operatorBundle.ts';
import { operatorImage } from './operatorImage.ts';
import type { ImageArchive, ImageSpec } from './types.ts';

type ComponentOptions = {
  toolchain: Toolchain;
  cacheDir: string;
  signal: AbortSignal;
  onProgress?: OnProgress;
  env?: NodeJS.ProcessEnv;
  now?: () => Date;
};

export type EnsureImagesOptions = ComponentOptions & {
  /** The checkout, whose operator goes into an image. */
  root: string;
};

/** Every image of a datacenter, the operator's included; only those whose content changed are assembled. */
export async function ensureImages(
  options: EnsureImagesOptions,
): Promise<ImageArchive[]> {
  const specs = [
    ...(await componentSpecs(options)),
    await operatorSpec(options),
  ];
  return ensureAll(options, specs);
}

/** The images of everything beside the operator. */
export async function ensureComponentImages(
  options: ComponentOptions,
): Promise<ImageArchive[]> {
  return ensureAll(options, await componentSpecs(options));
}

/** The images that nobody can pull, for clusters that others run. */
export const savableImages = ['operator', 'capsule-proxy'] as const;

export type SavableImage = (typeof savableImages)[number];

/** One of them alone; needs only the part of the toolchain that `ensureOperatorTools` builds. */
export async function ensureSavableImage(
  options: EnsureImagesOptions & { image: SavableImage },
): Promise<ImageArchive> {
  const spec =
    options.image === 'operator'
      ? await operatorSpec(options)
      : capsuleProxyImage({ ...options, capsuleProxy: givenProxy(options) });
  const [archive] = await ensureAll(options, [spec]);
  return archive;
}

async function componentSpecs(options: ComponentOptions): Promise<ImageSpec[]> {
  const busybox = await findCommand('busybox', options.env);
  if (!busybox) {
    throw new Error(
      'Install busybox, which goes into an image as its shell: on Debian and Ubuntu with "apt-get install busybox-static".',
    );
  }
  return componentImages({
    toolchain: options.toolchain,
    busybox,
    signal: options.signal,
    capsuleProxy: givenProxy(options),
  });
}

/** The real capsule-proxy of whoever has one. */
function givenProxy({ env = process.env }: ComponentOptions) {
  const given = env.KUBENOVA_CAPSULE_PROXY_BINARY;
  return given ? path.resolve(given) : undefined;
}

async function operatorSpec(options: EnsureImagesOptions): Promise<ImageSpec> {
  const { root, toolchain, signal, onProgress } = options;
  const bundle = await ensureOperatorBundle({
    root,
    signal,
    onBuild: () =>
      onProgress?.({
        step: 'operator',
        index: 1,
        total: 1,
        message: 'Bundling the operator',
      }),
  });
  return operatorImage({ root, toolchain, bundle, signal });
}

async function ensureAll(
  options: ComponentOptions,
  specs: readonly ImageSpec[],
): Promise<ImageArchive[]> {
  const { toolchain, onProgress, now = () => new Date() } = options;
  const archives: ImageArchive[] = [];
  for (const [index, spec] of specs.entries()) {
    archives.push(
      await ensureImageArchive({
        ...options,
        spec,
        imagesDir: toolchain.imagesDir,
        now: now(),
        onAssemble: () =>
          onProgress?.({
            step: 'images',
            index: index + 1,
            total: specs.length,
            message: `Assembling the image ${spec.reference}`,
          }),
      }),
    );
  }
  return archives;
}
