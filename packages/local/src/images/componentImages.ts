import path from 'node:path';
import type { Toolchain } from '../toolchain/toolchainFolders.ts';
import {
  baseLayer,
  nonrootUser,
  program,
  programWithLibraries,
} from './layers.ts';
import { imageReferences } from './references.ts';
import type { ImageEntry, ImageSpec } from './types.ts';

/** The images of what runs in a datacenter beside the operator. */
export async function componentImages(options: {
  toolchain: Toolchain;
  /** busybox of this machine: the shell of the kubectl image. */
  busybox: string;
  signal: AbortSignal;
  /** A real capsule-proxy, to be used instead of the stand-in. */
  capsuleProxy?: string;
}): Promise<ImageSpec[]> {
  const { toolchain } = options;
  const binary = (name: string) => path.join(toolchain.binDir, name);
  return [
    single(imageReferences.pause, binary('pause'), '/pause'),
    single(imageReferences.coredns, binary('coredns'), '/coredns'),
    single(imageReferences.capsule, binary('capsule'), '/manager'),
    await kubectlImage(binary('kubectl'), options),
    capsuleProxyImage(options),
    single(imageReferences.velaCore, binary('vela-core'), '/manager'),
    single(
      imageReferences.webhookCertgen,
      binary('webhook-certgen'),
      '/kube-webhook-certgen',
    ),
    single(imageReferences.goHttpbin, binary('go-httpbin'), '/bin/go-httpbin'),
  ];
}

/** The stand-in, or the real capsule-proxy that was given, under the name that our chart asks for. */
export function capsuleProxyImage(options: {
  toolchain: Toolchain;
  capsuleProxy?: string;
}): ImageSpec {
  const standIn = path.join(options.toolchain.binDir, 'capsule-proxy-standin');
  return single(
    imageReferences.capsuleProxy,
    options.capsuleProxy ?? standIn,
    '/capsule-proxy',
  );
}

/** One static program and nothing else. */
function single(reference: string, source: string, target: string): ImageSpec {
  return {
    reference,
    layers: [baseLayer, [program(source, target)]],
    entrypoint: [target],
    user: nonrootUser,
  };
}

/** kubectl and a shell: the hook jobs of Capsule's chart run small scripts in it. */
async function kubectlImage(
  kubectl: string,
  { busybox, signal }: { busybox: string; signal: AbortSignal },
): Promise<ImageSpec> {
  const applets = ['sh', 'cat', 'echo', 'ls', 'sleep', 'test'];
  return {
    reference: imageReferences.kubectl,
    layers: [
      baseLayer,
      [
        ...(await programWithLibraries(busybox, '/bin/busybox', signal)),
        ...applets.map((applet): ImageEntry => {
          return { kind: 'symlink', path: `/bin/${applet}`, target: 'busybox' };
        }),
        program(kubectl, '/usr/local/bin/kubectl'),
      ],
    ],
    entrypoint: ['/usr/local/bin/kubectl'],
    user: nonrootUser,
  };
}
