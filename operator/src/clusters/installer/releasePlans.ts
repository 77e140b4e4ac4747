/**
 * Which Helm commands the installer Jobs may run: a closed set. The admission policy in the join manifest allows exactly these shapes, so
 * that whoever holds the operator's rights still can't make the installer's account, which is cluster-admin, do anything else (M2).
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ComponentDefinition } from '../components/definitions.ts';
import type { Assets, NovaClusterConfig } from '../types.ts';

export type ReleaseAction = 'install' | 'rollback' | 'uninstall';

/** What is to be installed of one component. */
export type ReleasePlan = {
  component: ComponentDefinition;
  /** The chart's version, from its file's name. */
  version: string;
  /** Of everything that decides the result: a release with another hash is upgraded. */
  hash: string;
  args: Record<ReleaseAction, string[]>;
};

const TIMEOUT = '5m0s';

/** The plans' fixed parts, read once: charts and values lie in the image. */
export type ReleaseFiles = Map<string, { chart: string; values: string }>;

export async function readReleaseFiles(
  components: readonly ComponentDefinition[],
  assets: Assets,
): Promise<ReleaseFiles> {
  const charts = await readdir(assets.chartsDir);
  const files: ReleaseFiles = new Map();
  for (const { name, chartPrefix, valuesFile } of components) {
    const chart = charts.find(file => file.startsWith(chartPrefix));
    if (chart) {
      files.set(name, {
        chart,
        values: await readFile(join(assets.valuesDir, valuesFile), 'utf8'),
      });
    }
  }
  return files;
}

/** `undefined` where the image has no chart of the component. */
export function planRelease(options: {
  component: ComponentDefinition;
  files: ReleaseFiles;
  assets: Assets;
  spec: NovaClusterConfig['spec'];
}): ReleasePlan | undefined {
  const { component, assets } = options;
  const file = options.files.get(component.name);
  if (!file) {
    return undefined;
  }
  const { release, namespace } = component;
  const install = [
    'upgrade',
    '--install',
    release,
    join(assets.chartsDir, file.chart),
    `--namespace=${namespace}`,
    '--create-namespace',
    '--wait',
    `--timeout=${TIMEOUT}`,
    `--values=${join(assets.valuesDir, component.valuesFile)}`,
    ...Object.entries(component.settings?.(options.spec) ?? {}).map(
      ([path, value]) => `--set-json=${path}=${JSON.stringify(value)}`,
    ),
  ];
  return {
    component,
    version: /(\d+\.\d+\.\d+.*)\.tgz$/.exec(file.chart)?.[1] ?? '',
    hash: createHash('sha256')
      .update(JSON.stringify([install, file.values]))
      .digest('hex')
      .slice(0, 16),
    args: {
      install,
      rollback: [
        'rollback',
        release,
        `--namespace=${namespace}`,
        '--wait',
        `--timeout=${TIMEOUT}`,
      ],
      uninstall: [
        'uninstall',
        release,
        `--namespace=${namespace}`,
        '--no-hooks',
        '--wait',
        `--timeout=${TIMEOUT}`,
      ],
    },
  };
}
