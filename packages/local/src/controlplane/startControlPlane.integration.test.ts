import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AdmissionregistrationV1Api,
  ApiException,
  AuthenticationV1Api,
  CoreV1Api,
  KubeConfig,
} from '@kubernetes/client-node';
import { cacheDirOf } from '../instance/index.ts';
import { ensureControlPlaneTools } from '../toolchain/index.ts';
import { type ControlPlane, startControlPlane } from './startControlPlane.ts';

const DEADLINE_MS = 60_000;

async function eventually(condition: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + DEADLINE_MS;
  while (!(await condition())) {
    assert.ok(performance.now() < end, `not within ${DEADLINE_MS} ms`);
    await sleep(100);
  }
}

async function processesNaming(text: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of await readdir('/proc')) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(
      () => '',
    );
    if (command.includes(text)) found.push(pid);
  }
  return found;
}

function refused(code: number) {
  return (error: unknown) =>
    error instanceof ApiException && error.code === code;
}

describe('startControlPlane', () => {
  let binDir: string;
  let controlPlane: ControlPlane;
  let kubeConfig: KubeConfig;
  let core: CoreV1Api;

  before(async () => {
    ({ binDir } = await ensureControlPlaneTools({
      cacheDir: cacheDirOf(process.env),
      signal: AbortSignal.timeout(30 * 60_000),
    }));
    controlPlane = await startControlPlane({
      binDir,
      controllers: ['namespace-controller', 'serviceaccount-controller'],
    });
    kubeConfig = new KubeConfig();
    kubeConfig.loadFromFile(controlPlane.kubeconfig);
    core = kubeConfig.makeApiClient(CoreV1Api);
  });

  after(() => controlPlane?.stop());

  it('answers its administrator', async () => {
    const { items } = await core.listNamespace();
    assert.ok(items.some(({ metadata }) => metadata?.name === 'kube-system'));
  });

  it('issues tokens of ServiceAccounts, which have no rights of their own', async () => {
    const namespace = 'default';
    await core.createNamespacedServiceAccount({
      namespace,
      body: { metadata: { name: 'nobody' } },
    });
    const { status } = await core.createNamespacedServiceAccountToken({
      namespace,
      name: 'nobody',
      body: { spec: { audiences: [], expirationSeconds: 600 } },
    });
    const asNobody = new KubeConfig();
    asNobody.loadFromFile(controlPlane.kubeconfig);
    asNobody.users = [{ name: 'controlplane', token: status?.token }];
    const { status: self } = await asNobody
      .makeApiClient(AuthenticationV1Api)
      .createSelfSubjectReview({ body: {} });
    assert.equal(
      self?.userInfo?.username,
      'system:serviceaccount:default:nobody',
    );
    await assert.rejects(
      asNobody.makeApiClient(CoreV1Api).listNamespacedSecret({ namespace }),
      refused(403),
    );
  });

  it('enforces a ValidatingAdmissionPolicy', async () => {
    const name = 'no-forbidden';
    const api = kubeConfig.makeApiClient(AdmissionregistrationV1Api);
    await api.createValidatingAdmissionPolicy({
      body: {
        metadata: { name },
        spec: {
          matchConstraints: {
            resourceRules: [
              {
                apiGroups: [''],
                apiVersions: ['v1'],
                resources: ['configmaps'],
                operations: ['CREATE'],
              },
            ],
          },
          validations: [{ expression: "object.metadata.name != 'forbidden'" }],
        },
      },
    });
    await api.createValidatingAdmissionPolicyBinding({
      body: {
        metadata: { name },
        spec: { policyName: name, validationActions: ['Deny'] },
      },
    });
    const create = (configMap: string) =>
      core.createNamespacedConfigMap({
        namespace: 'default',
        body: { metadata: { name: configMap } },
      });
    // The API server takes a moment to put a new policy to work.
    await eventually(async () => {
      try {
        await create('forbidden');
      } catch (error) {
        return refused(422)(error);
      }
      await core.deleteNamespacedConfigMap({
        namespace: 'default',
        name: 'forbidden',
      });
      return false;
    });
    await create('allowed');
  });

  it('finishes deleting namespaces with the controller for it', async () => {
    const body = { metadata: { name: 'short-lived' } };
    await core.createNamespace({ body });
    await core.deleteNamespace({ name: 'short-lived' });
    await eventually(async () => {
      const { items } = await core.listNamespace();
      return !items.some(({ metadata }) => metadata?.name === 'short-lived');
    });
  });

  it('leaves no process when it is stopped', async () => {
    const second = await startControlPlane({ binDir });
    const port = new URL(second.url).port;
    assert.equal((await processesNaming(`--secure-port=${port}`)).length, 1);
    await second.stop();
    assert.deepEqual(await processesNaming(`--secure-port=${port}`), []);
  });

  it('leaves no process when whoever started it is killed', async () => {
    // What it had in its temporary folder nobody removes but we.
    const temporary = await mkdtemp(join(tmpdir(), 'kubenova-killed-'));
    const script = `
      import { startControlPlane } from ${JSON.stringify(
        import.meta.resolve('./startControlPlane.ts'),
      )};
      const { url } = await startControlPlane({ binDir: ${JSON.stringify(
        binDir,
      )} });
      console.log(url);
      setInterval(() => {}, 1000);`;
    const child = spawn(
      process.execPath,
      ['--input-type=module-typescript', '--eval', script],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, TMPDIR: temporary },
      },
    );
    const [url] = await once(child.stdout, 'data');
    const { port } = new URL(String(url).trim());
    child.kill('SIGKILL');
    await eventually(
      async () => (await processesNaming(`--secure-port=${port}`)).length === 0,
    );
    await rm(temporary, { recursive: true });
  });
});
