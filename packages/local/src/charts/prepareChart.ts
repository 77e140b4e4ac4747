import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseDocument } from 'yaml';

/**
 * Makes a copied chart fit for packaging without anything from outside.
 *
 * Sub-charts are dropped: Capsule's chart can bring capsule-proxy from a registry, which is off by default and of no use
 * here. With a real capsule-proxy in the image, our chart gives it the rights that its own chart gives it; the stand-in
 * gets none.
 */
export async function prepareChart(
  chartDir: string,
  options: { capsuleProxyIsReal: boolean },
): Promise<void> {
  const definition = path.join(chartDir, 'Chart.yaml');
  const chart = parseDocument(await readFile(definition, 'utf8'));
  chart.delete('dependencies');
  await writeFile(definition, chart.toString());
  for (const leftover of ['Chart.lock', 'charts']) {
    await rm(path.join(chartDir, leftover), { recursive: true, force: true });
  }
  if (
    chart.get('name') === 'capsule-proxy-standin' &&
    options.capsuleProxyIsReal
  ) {
    const valuesFile = path.join(chartDir, 'values.yaml');
    const values = parseDocument(await readFile(valuesFile, 'utf8'));
    values.setIn(['rbac', 'enabled'], true);
    await writeFile(valuesFile, values.toString());
  }
}
