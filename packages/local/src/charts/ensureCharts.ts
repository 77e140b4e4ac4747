import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { mustRun } from '../processes/runCommand.ts';
import type { OnProgress } from '../progress.ts';
import { withCacheLock } from '../toolchain/cacheLock.ts';
import { goEnvironment } from '../toolchain/goBuild.ts';
import { exists, type Toolchain } from '../toolchain/toolchainFolders.ts';
import { toolSetsSource } from '../toolchain/toolchainKey.ts';
import { chartFileName, charts, type Chart } from './charts.ts';
import { prepareChart } from './prepareChart.ts';

export type EnsureChartsOptions = {
  cacheDir: string;
  /** Its helm is used, and its charts folder filled. */
  toolchain: Toolchain;
  signal: AbortSignal;
  onProgress?: OnProgress;
  env?: NodeJS.ProcessEnv;
};

/** Packages the charts that are not in the toolchain yet. */
export async function ensureCharts(
  options: EnsureChartsOptions,
): Promise<void> {
  const { toolchain, onProgress } = options;
  if ((await missingCharts(toolchain)).length === 0) {
    return;
  }
  await withCacheLock(options, async () => {
    await mkdir(toolchain.chartsDir, { recursive: true });
    for (const chart of await missingCharts(toolchain)) {
      onProgress?.({
        step: 'charts',
        index: charts.indexOf(chart) + 1,
        total: charts.length,
        message: `Packaging the chart ${chart.name} ${chart.version}`,
      });
      await packageChart(options, chart);
    }
  });
}

async function missingCharts(toolchain: Toolchain): Promise<Chart[]> {
  const there = await Promise.all(
    charts.map(chart =>
      exists(path.join(toolchain.chartsDir, chartFileName(chart))),
    ),
  );
  return charts.filter((_, index) => !there[index]);
}

/** Works on a copy: the module's folder is Go's, and what we leave out must not be missing there. */
async function packageChart(
  { toolchain, signal, env = process.env }: EnsureChartsOptions,
  chart: Chart,
): Promise<void> {
  const work = await mkdtemp(path.join(toolchain.chartsDir, '.packaging-'));
  try {
    const copy = path.join(work, chart.name);
    const folder = await chartFolder(chart, signal);
    // Modules lie read-only in Go's cache; their copy must be writable.
    await mustRun('cp', ['-r', '--no-preserve=mode', folder, copy], { signal });
    await prepareChart(copy, {
      capsuleProxyIsReal: Boolean(env.KUBENOVA_CAPSULE_PROXY_BINARY),
    });
    await mustRun(
      path.join(toolchain.binDir, 'helm'),
      [
        'package',
        copy,
        '--version',
        chart.version,
        '--app-version',
        chart.version,
      ],
      // Helm's own folders would be made in the person's home otherwise.
      {
        cwd: work,
        signal,
        env: { ...env, HELM_CACHE_HOME: work, HELM_CONFIG_HOME: work },
      },
    );
    const file = chartFileName(chart);
    await rename(path.join(work, file), path.join(toolchain.chartsDir, file));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function chartFolder(chart: Chart, signal: AbortSignal): Promise<string> {
  const setDir = path.join(toolSetsSource, chart.set);
  if (!('module' in chart.source)) {
    return path.join(setDir, chart.source.folder);
  }
  // Downloads nothing when the set was built on this machine; Go's module cache may have been emptied since.
  const { stdout } = await mustRun(
    'go',
    ['mod', 'download', '-json', chart.source.module],
    { cwd: setDir, env: goEnvironment(), signal },
  );
  const { Dir: dir } = JSON.parse(stdout) as { Dir: string };
  return path.join(dir, chart.source.folder);
}
