import { join } from 'node:path';
import { containerdFolders } from '../components/containerd.ts';
import { importImages, missingImages } from '../images.ts';
import { provideRoot } from '../imageStore.ts';
import { report, type StartContext } from './context.ts';

/** Gives a new datacenter all images at once. */
export async function provideImages(context: StartContext): Promise<void> {
  const { instance, toolchain, layout, images, signal } = context;
  report(context, 'images', 'Looking for images that are not there yet');
  await provideRoot({
    cacheDir: instance.cacheDir,
    runDir: instance.runDir,
    binDir: toolchain.binDir,
    images,
    dir: join(layout.dir, 'containerd'),
    signal,
    onImage: (reference, position, total) =>
      report(
        context,
        'images',
        `Unpacking ${reference} (${position}/${total})`,
      ),
  });
}

/** Imports what was assembled since the datacenter got its images; its containerd runs. */
export async function importNewImages(context: StartContext): Promise<void> {
  const { toolchain, layout, images, signal } = context;
  const folders = containerdFolders(layout);
  const missing = await missingImages(folders, images);
  await importImages({
    binDir: toolchain.binDir,
    folders,
    missing,
    signal,
    onImage: (reference, position) =>
      report(
        context,
        'images',
        `Importing ${reference} (${position}/${missing.length})`,
      ),
  });
}
