import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { identify, isRunning } from '../processes/identity.ts';
import { endProcesses, ProcessTable } from './processTable.ts';

type Entry = {
  identity: { pid: number; startedAt: string };
  bootId: string;
};

describe('ProcessTable', () => {
  let dir: string;
  let table: ProcessTable;
  let stranger: ReturnType<typeof spawn>;

  async function rewrite(change: (entry: Entry) => void): Promise<void> {
    const file = join(dir, 'processes.json');
    const entries = JSON.parse(await readFile(file, 'utf8')) as Entry[];
    entries.forEach(change);
    await writeFile(file, JSON.stringify(entries));
  }

  /** Records a process that is not in any network namespace of ours. */
  async function record(pid: number): Promise<void> {
    const { startedAt } = identify(pid) ?? { startedAt: '' };
    const bootId = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    await writeFile(
      join(dir, 'processes.json'),
      JSON.stringify([
        {
          launch: { name: 'stranger', command: 'sleep', args: ['600'] },
          identity: { pid, startedAt },
          bootId: bootId.trim(),
        },
      ]),
    );
  }

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'kubenova-processes-'));
    await mkdir(join(dir, 'log'));
    table = new ProcessTable({ dir, netns: 'none' });
    stranger = spawn('sleep', ['600'], { stdio: 'ignore' });
    await once(stranger, 'spawn');
  });

  afterEach(async () => {
    stranger.kill('SIGKILL');
    await rm(dir, { recursive: true });
  });

  it('ends what it recorded and forgets it', async () => {
    await record(stranger.pid ?? 0);
    assert.deepEqual(table.running(), ['stranger']);
    const exited = once(stranger, 'exit');
    await table.stop({ graceMs: 5_000 });
    assert.deepEqual(await exited, [null, 'SIGTERM']);
    assert.deepEqual(table.running(), []);
    assert.deepEqual(table.ended(), []);
  });

  it('does not end a process that got the number of a recorded one', async () => {
    await record(stranger.pid ?? 0);
    await rewrite(entry => {
      entry.identity.startedAt = '1';
    });
    await table.stop({ graceMs: 0 });
    assert.ok(identify(stranger.pid ?? 0));
  });

  it('does not end a process when the record is from before a reboot', async () => {
    await record(stranger.pid ?? 0);
    await rewrite(entry => {
      entry.bootId = 'another';
    });
    await table.stop({ graceMs: 0 });
    assert.ok(identify(stranger.pid ?? 0));
  });

  it('tells what has ended, and how to start it again', async () => {
    await record(stranger.pid ?? 0);
    const exited = once(stranger, 'exit');
    stranger.kill('SIGKILL');
    await exited;
    assert.deepEqual(table.ended(), [
      { name: 'stranger', command: 'sleep', args: ['600'] },
    ]);
  });

  it('shows the end of the log of what has ended', async () => {
    await record(stranger.pid ?? 0);
    await writeFile(table.logFile('stranger'), 'one\ntwo\nno space left\n');
    const exited = once(stranger, 'exit');
    stranger.kill('SIGKILL');
    await exited;
    await assert.rejects(
      table.assertRunning(),
      /stranger ended; [^]*no space left/,
    );
  });
});

describe('endProcesses', () => {
  it('kills what ignores a polite end', async () => {
    const stubborn = spawn(
      'sh',
      ['-c', 'trap "" TERM; echo ready; while :; do sleep 1; done'],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    await once(stubborn.stdout, 'data');
    const identity = identify(stubborn.pid ?? 0);
    assert.ok(identity);
    await endProcesses({ identities: [identity], graceMs: 200 });
    assert.equal(isRunning(identity), false);
  });
});
