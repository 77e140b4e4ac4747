import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { ensureHaproxy } from '../../balancer/index.ts';
import { forget } from '../../environment/forget.ts';
import {
  addDatacenters,
  startPortalOnly,
  type RunningKubeNova,
} from '../../environment/startKubeNova.ts';
import type { RunningDatacenters } from '../../environment/startDatacenters.ts';
import { withInstance, type Instance } from '../../instance/index.ts';
import { installPrerequisites } from '../../toolchain/index.ts';
import type { Counts, Suite, SuiteContext } from '../types.ts';
import { BackendControl } from './BackendControl.ts';
import { findChromium, runStories } from './playwright.ts';

/** Every story meets what differs between replicas: which of them has a link, and which of them a page is served by. */
const REPLICAS = 2;

/**
 * The stories run against a KubeNova of their own, the instance `test`, beside one that somebody may have started: two replicas of the
 * production build, an empty Postgres and two new datacenters, one of them from a snapshot. Nothing of it is left afterwards but logs.
 */
export const e2e: Suite = {
  name: 'e2e',
  summary: 'Stories in Chromium against the portal and real datacenters.',
  isDefault: true,
  async run(context) {
    const chromium = await ensureChromium(context);
    return withInstance({ ...context, name: 'test' }, instance =>
      tellStoriesIn(instance, context, chromium),
    );
  },
};

async function tellStoriesIn(
  instance: Instance,
  context: SuiteContext,
  chromium: string,
): Promise<Counts> {
  const { signal, terminal } = context;
  await forget(instance);
  const started = performance.now();
  const replicas = { count: REPLICAS, haproxy: await haproxyOf(context) };
  const options = { instance, terminal, signal, started, replicas };
  const kubenova = await startPortalOnly(options);
  try {
    // ams1 is made from nothing, so that the operator's own installs run for real in each run.
    const running = await addDatacenters(kubenova, {
      ...options,
      fromSnapshot: { names: ['fra1'], whenMissing: 'make one' },
    });
    if (!running) {
      throw new Error('The stories need datacenters; see above.');
    }
    return await tellStories(context, { kubenova, running, chromium });
  } finally {
    await kubenova.stop();
    await forget(instance);
  }
}

async function tellStories(
  context: SuiteContext,
  under: {
    kubenova: RunningKubeNova;
    running: RunningDatacenters;
    chromium: string;
  },
): Promise<Counts> {
  const { platform } = under.kubenova;
  const control = await BackendControl.listen(platform);
  try {
    const { binDir } = under.running.tools.toolchain;
    const facts = {
      url: platform.url,
      controlUrl: control.url,
      datacenters: under.running.datacenters.map(datacenter => ({
        name: datacenter.name,
        kubeconfig: datacenter.kubeconfig,
        veth: datacenter.veth,
        netns: datacenter.netns,
        kubectl: path.join(binDir, 'kubectl'),
      })),
    };
    const factsFile = path.join(platform.instance.stateDir, 'e2e.json');
    writeFileSync(factsFile, JSON.stringify(facts));
    const { chromium } = under;
    return await runStories(context, { chromium, factsFile });
  } finally {
    control.close();
  }
}

async function ensureChromium(context: SuiteContext): Promise<string> {
  const { env, signal, terminal } = context;
  if (!findChromium(env)) {
    await terminal.step('Installing Chromium', () =>
      installPrerequisites({ purpose: 'browser', signal }),
    );
  }
  const chromium = findChromium(env);
  if (!chromium) {
    throw new Error(
      'The stories need Chromium: install it as root (apt-get install chromium), or set KUBENOVA_CHROMIUM to a browser.',
    );
  }
  return chromium;
}

async function haproxyOf({ env, signal }: SuiteContext): Promise<string> {
  const haproxy = await ensureHaproxy({ env, signal });
  if (haproxy.outcome === 'missing') {
    throw new Error(haproxy.how);
  }
  return haproxy.command;
}
