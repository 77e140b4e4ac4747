import path from 'node:path';
import { chartFileName, charts } from '../charts/charts.ts';
import type { Toolchain } from '../toolchain/toolchainFolders.ts';
import {
  baseLayer,
  filesLayer,
  nodeLayer,
  nonroot,
  nonrootUser,
  program,
} from './layers.ts';
import { imageReferences } from './references.ts';
import type { ImageSpec } from './types.ts';

/**
 * The operator's image: Node, helm, the bundle, and what it installs. From the layer that never changes to the one that
 * changes with each edit, so that a new operator means a new last layer only. operator/Containerfile makes the same for
 * those who build with a container engine.
 */
export async function operatorImage(options: {
  root: string;
  toolchain: Toolchain;
  /** `operator/dist/main.js` */
  bundle: string;
  signal: AbortSignal;
}): Promise<ImageSpec> {
  const { root, toolchain, bundle, signal } = options;
  const operator = path.join(root, 'operator');
  return {
    reference: imageReferences.operator,
    layers: [
      [
        ...baseLayer,
        {
          kind: 'directory',
          path: '/var/lib/kubenova',
          mode: 0o750,
          owner: nonroot,
        },
      ],
      await nodeLayer(signal),
      [
        program(path.join(toolchain.binDir, 'helm'), '/usr/local/bin/helm'),
        ...charts.map(chart => ({
          kind: 'file' as const,
          path: `/app/charts/${chartFileName(chart)}`,
          mode: 0o644,
          source: path.join(toolchain.chartsDir, chartFileName(chart)),
        })),
      ],
      [
        { kind: 'file', path: '/app/main.js', mode: 0o644, source: bundle },
        // The bundle is an ES module, and Node tells by the nearest package.json.
        {
          kind: 'text',
          path: '/app/package.json',
          mode: 0o644,
          content: '{"type":"module"}\n',
        },
        ...(await filesLayer(
          path.join(operator, 'crds'),
          '.yaml',
          '/app/crds',
        )),
        ...(await filesLayer(
          path.join(operator, 'policies'),
          '.yaml',
          '/app/policies',
        )),
        ...(await filesLayer(
          path.join(operator, 'values'),
          '.yaml',
          '/app/values',
        )),
      ],
    ],
    entrypoint: ['/usr/local/bin/node', '/app/main.js'],
    user: nonrootUser,
    // The root file system is read-only; helm and Node write only where a volume for temporary files is.
    env: { NODE_ENV: 'production', HOME: '/tmp' },
  };
}
