import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { datacenterCommand } from './datacenter.ts';
import { CommandError } from './types.ts';

describe('./kubenova datacenter', () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'kubenova-command-'));
  });

  afterEach(() => rm(root, { recursive: true }));

  /** The sentence with which the command refuses. */
  async function refusalOf(...args: string[]): Promise<string> {
    const { signal } = new AbortController();
    const env = { KUBENOVA_CACHE: join(root, 'cache') };
    try {
      await datacenterCommand({ root, args, env, signal });
    } catch (error) {
      assert.ok(error instanceof CommandError, String(error));
      return error.message;
    }
    return assert.fail(`datacenter ${args.join(' ')} was accepted`);
  }

  it('refuses a name before it builds anything', async () => {
    assert.match(await refusalOf('up', 'Bad_Name'), /use 1 to 40 lower-case/);
  });

  it('says how to make a datacenter that there is not', async () => {
    for (const verb of ['down', 'kubeconfig', 'shell'])
      assert.equal(
        await refusalOf(verb, 'fra1'),
        'There is no datacenter fra1: make it with ./kubenova datacenter up fra1',
      );
  });

  it('shows how it is used when it was used otherwise', async () => {
    for (const args of [[], ['up'], ['raise', 'fra1'], ['list', '--purge']])
      assert.match(await refusalOf(...args), /^Usage: /, args.join(' '));
  });
});
