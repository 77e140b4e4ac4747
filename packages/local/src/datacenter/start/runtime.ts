import {
  containerd,
  containerdFolders,
  prepareContainerd,
} from '../components/containerd.ts';
import { isContainerdReady } from '../images.ts';
import { waitUntil } from '../waitUntil.ts';
import type { StartContext } from './context.ts';
import { importNewImages } from './images.ts';

/** Starts containerd and sees to it that it has every image before a kubelet asks for one. */
export async function startContainerRuntime(
  context: StartContext,
): Promise<void> {
  const { layout, table, toolchain, signal } = context;
  const { binDir } = toolchain;
  const folders = containerdFolders(layout);
  await prepareContainerd({ folders, binDir });
  signal.throwIfAborted();
  table.start(containerd({ folders, binDir }));
  await waitUntil(
    async () => {
      await table.assertRunning();
      return isContainerdReady({ binDir, socket: folders.socket });
    },
    { signal },
  );
  await importNewImages(context);
}
