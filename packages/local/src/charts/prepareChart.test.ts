import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { temporaryFolder } from '../toolchain/testing.ts';
import { prepareChart } from './prepareChart.ts';

describe('a chart that is to be packaged', () => {
  it('loses its sub-charts and keeps the rest', async test => {
    const dir = await temporaryFolder(test);
    await writeFile(
      path.join(dir, 'Chart.yaml'),
      'apiVersion: v2\nname: capsule\n# why\nversion: 0.0.0\ndependencies:\n  - name: capsule-proxy\n    repository: "oci://elsewhere"\n',
    );
    await writeFile(path.join(dir, 'Chart.lock'), 'digest: x\n');
    await mkdir(path.join(dir, 'charts'));
    await prepareChart(dir, { capsuleProxyIsReal: true });
    assert.deepEqual(await readdir(dir), ['Chart.yaml']);
    const text = await readFile(path.join(dir, 'Chart.yaml'), 'utf8');
    assert.deepEqual(parse(text), {
      apiVersion: 'v2',
      name: 'capsule',
      version: '0.0.0',
    });
    assert.match(text, /# why/);
  });

  it('gives rights to a real capsule-proxy only', async test => {
    for (const capsuleProxyIsReal of [false, true]) {
      const dir = await temporaryFolder(test);
      await writeFile(
        path.join(dir, 'Chart.yaml'),
        'name: capsule-proxy-standin\n',
      );
      await writeFile(
        path.join(dir, 'values.yaml'),
        'rbac:\n  enabled: false\n  clusterRole: cluster-admin\n',
      );
      await prepareChart(dir, { capsuleProxyIsReal });
      const values = parse(
        await readFile(path.join(dir, 'values.yaml'), 'utf8'),
      );
      assert.deepEqual(values.rbac, {
        enabled: capsuleProxyIsReal,
        clusterRole: 'cluster-admin',
      });
    }
  });
});
