import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { ConfigError, readConfig } from './readConfig.ts';

function environment(t: TestContext): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'kubenova-config-'));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'manager'));
  writeFileSync(join(folder, 'manager/ca.crt'), 'PEM\n');
  writeFileSync(join(folder, 'manager/installation-id'), 'installation-1\n');
  return {
    NOVA_CONFIG_DIR: folder,
    NOVA_MANAGER_URL: 'https://10.0.0.1:8443',
    NOVA_CLUSTER_ID: '5b8f4a39-6a62-4f0e-9a0b-0d7c8b1d3a11',
    POD_NAME: 'kubenova-operator-0',
    POD_NAMESPACE: 'kubenova-system',
    NOVA_OPERATOR_IMAGE: 'kubenova.local/operator:0.1.0',
  };
}

describe('the configuration', () => {
  it('comes from the environment and the files of the manifest', t => {
    const config = readConfig({
      ...environment(t),
      TARGET_LB_ANNOTATIONS: '{"a":"b"}',
      TARGET_STORAGE_CLASS: 'fast',
    });
    assert.equal(config.managerUrl, 'https://10.0.0.1:8443');
    assert.equal(config.managerCa, 'PEM');
    assert.equal(config.installationId, 'installation-1');
    assert.deepEqual(config.lbAnnotations, { a: 'b' });
    assert.equal(config.storageClass, 'fast');
    assert.equal(config.journalFile, '/var/lib/kubenova/journal.db');
    assert.equal(config.healthPort, 8080);
  });

  it('may leave out what has a default', t => {
    const config = readConfig({
      ...environment(t),
      TARGET_STORAGE_CLASS: '',
      NOVA_CAPS_PROX_URL: '',
    });
    assert.equal(config.storageClass, undefined);
    assert.equal(config.capsuleProxyUrl, undefined);
    assert.deepEqual(config.lbAnnotations, {});
  });

  it('takes the room for events as a quantity, and none that is too small', t => {
    const env = environment(t);
    assert.equal(readConfig(env).journalBudgetBytes, undefined);
    const budget = (text: string) =>
      readConfig({ ...env, NOVA_JOURNAL_BUDGET: text }).journalBudgetBytes;
    assert.equal(budget('64Mi'), 64 * 1024 * 1024);
    for (const wrong of ['much', '100', '-1Gi']) {
      assert.throws(() => budget(wrong), /NOVA_JOURNAL_BUDGET must be/);
    }
  });

  it('tells Prometheus nothing without a port, and takes none that is no port', t => {
    const env = environment(t);
    assert.equal(readConfig(env).metricsPort, undefined);
    const port = (text: string) =>
      readConfig({ ...env, NOVA_METRICS_PORT: text }).metricsPort;
    assert.equal(port('9464'), 9464);
    for (const wrong of ['http', '0', '70000']) {
      assert.throws(() => port(wrong), /NOVA_METRICS_PORT must be/);
    }
  });

  it('names everything that is missing, at once', () => {
    assert.throws(
      () => readConfig({ NOVA_CONFIG_DIR: '/nowhere' }),
      (error: ConfigError) => {
        const text = error.message;
        for (const name of [
          'NOVA_MANAGER_URL',
          'NOVA_CLUSTER_ID',
          'POD_NAME',
          'POD_NAMESPACE',
          'NOVA_OPERATOR_IMAGE',
          '/nowhere/manager/ca.crt',
          '/nowhere/manager/installation-id',
        ]) {
          assert.match(text, new RegExp(name));
        }
        return error.problems.length === 7;
      },
    );
  });

  for (const [name, value, expected] of [
    ['NOVA_MANAGER_URL', 'http://10.0.0.1', /like https:/],
    ['NOVA_MANAGER_URL', 'manager', /like https:/],
    ['NOVA_CLUSTER_ID', 'fra1', /must be a UUID/],
    ['TARGET_LB_ANNOTATIONS', '{', /JSON object of strings/],
    ['TARGET_LB_ANNOTATIONS', '["a"]', /JSON object of strings/],
    ['TARGET_LB_ANNOTATIONS', '{"a":1}', /JSON object of strings/],
  ] as const) {
    it(`says how ${name} is written, where it is ${value}`, t => {
      assert.throws(
        () => readConfig({ ...environment(t), [name]: value }),
        expected,
      );
    });
  }
});
