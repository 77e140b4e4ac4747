import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mustRun } from '../../processes/runCommand.ts';
import { type Layout, NODE_POD_CIDR } from '../layout.ts';
import type { Launch } from '../processTable.ts';

export const PAUSE_IMAGE = 'kubenova.local/pause:1';

/** A containerd of ours: where its parts are. */
export type ContainerdFolders = {
  /** Has `root` (images, kept), `state` (tasks, dropped) and the configuration. */
  dir: string;
  socket: string;
};

function configuration(options: {
  folders: ContainerdFolders;
  binDir: string;
  runc: string;
}): string {
  const { folders, binDir, runc } = options;
  const quoted = (...parts: string[]) => JSON.stringify(join(...parts));
  return `version = 3
root = ${quoted(folders.dir, 'root')}
state = ${quoted(folders.dir, 'state')}
temp = ${quoted(folders.dir, 'temp')}
[grpc]
  address = ${quoted(folders.socket)}
# Each of these would share a path with every other containerd of the machine.
[plugins.'io.containerd.nri.v1.nri']
  disable = true
[plugins.'io.containerd.internal.v1.opt']
  path = ${quoted(folders.dir, 'opt')}
[plugins.'io.containerd.cri.v1.images']
  snapshotter = "overlayfs"
  [plugins.'io.containerd.cri.v1.images'.pinned_images]
    sandbox = ${JSON.stringify(PAUSE_IMAGE)}
  [plugins.'io.containerd.cri.v1.images'.registry]
    config_path = ${quoted(folders.dir, 'registries')}
[plugins.'io.containerd.cri.v1.runtime']
  # Lowering a score needs CAP_SYS_RESOURCE, which even root lacks on some machines.
  restrict_oom_score_adj = true
  # Leftovers are found by where they are mounted.
  netns_mounts_under_state_dir = true
  enable_cdi = false
  [plugins.'io.containerd.cri.v1.runtime'.cni]
    bin_dirs = [${quoted(binDir)}]
    conf_dir = ${quoted(folders.dir, 'cni')}
  [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
  [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
    BinaryName = ${quoted(runc)}
    SystemdCgroup = false
`;
}

/** Every pull fails at once: images are imported, nothing asks outside. */
const NO_REGISTRY = `server = "https://127.0.0.1:1"
[host."https://127.0.0.1:1"]
  capabilities = ["pull", "resolve"]
`;

function podNetwork(layoutDir: string): string {
  return JSON.stringify({
    cniVersion: '1.0.0',
    name: 'pods',
    plugins: [
      {
        type: 'bridge',
        bridge: 'cni0',
        isGateway: true,
        // Pods reach the machine's end of the wire under the node's address: the operator's way to the Manager.
        ipMasq: true,
        ipMasqBackend: 'nftables',
        hairpinMode: true,
        ipam: {
          type: 'host-local',
          ranges: [[{ subnet: NODE_POD_CIDR }]],
          routes: [{ dst: '0.0.0.0/0' }],
          dataDir: join(layoutDir, 'addresses'),
        },
      },
      {
        type: 'portmap',
        capabilities: { portMappings: true },
        backend: 'nftables',
      },
    ],
  });
}

export function containerdFolders(layout: Layout): ContainerdFolders {
  return {
    dir: join(layout.home, 'containerd'),
    socket: layout.containerdSocket,
  };
}

/** Writes the configuration and clears what belonged to containers that are no more. */
export async function prepareContainerd(options: {
  folders: ContainerdFolders;
  binDir: string;
}): Promise<void> {
  const { folders, binDir } = options;
  for (const name of ['state', 'temp', 'addresses'])
    await rm(join(folders.dir, name), { recursive: true, force: true });
  const registry = join(folders.dir, 'registries', '_default');
  for (const path of [registry, join(folders.dir, 'cni')])
    await mkdir(path, { recursive: true });
  // Not named in containerd's own PATH search, so that a later change of PATH changes nothing.
  const { stdout } = await mustRun('sh', ['-c', 'command -v runc']);
  await writeFile(
    join(folders.dir, 'containerd.toml'),
    configuration({ folders, binDir, runc: stdout.trim() }),
  );
  await writeFile(join(registry, 'hosts.toml'), NO_REGISTRY);
  await writeFile(
    join(folders.dir, 'cni', '10-pods.conflist'),
    podNetwork(folders.dir),
  );
}

export function containerd(options: {
  folders: ContainerdFolders;
  binDir: string;
}): Launch {
  const { folders, binDir } = options;
  return {
    name: 'containerd',
    command: join(binDir, 'containerd'),
    args: ['--config', join(folders.dir, 'containerd.toml')],
    // containerd finds its shim in PATH.
    env: { PATH: `${binDir}:${process.env.PATH}` },
  };
}
