import assert from 'node:assert/strict';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { identify } from './identity.ts';
import { endLeftover, startProcess } from './startProcess.ts';
import { waitUntil } from './waitUntil.ts';

const STOP = { stopSignal: 'SIGTERM', graceMs: 200 } as const;

describe('a process that is kept an eye on', () => {
  let dir: string;
  let recordFile: string;
  let logFile: string;
  beforeEach(() => {
    dir = mkdtempSync(path.join(os.tmpdir(), 'kubenova-process-'));
    recordFile = path.join(dir, 'process.json');
    logFile = path.join(dir, 'process.log');
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const start = (script: string) =>
    startProcess({
      command: process.execPath,
      args: ['-e', script],
      logFile,
      recordFile,
      onLauncherDeath: 'SIGKILL',
      ...STOP,
    });
  const said = (words: string) =>
    waitUntil({ what: words, limitMs: 20_000, intervalMs: 20 }, async () =>
      readFileSync(logFile, 'utf8').includes(words) ? true : undefined,
    );

  it('is on record while it runs, and its words are in the log', async () => {
    const running = start('console.log("hello"); setInterval(() => {}, 1000)');
    await said('hello');
    assert.equal(JSON.parse(readFileSync(recordFile, 'utf8')).pid, running.pid);

    await running.stop();
    assert.deepEqual(await running.exited, {
      code: undefined,
      signal: 'SIGTERM',
    });
    assert.equal(existsSync(recordFile), false);
  });

  it('is killed with its children when it does not end by itself in time', async () => {
    const running = start(`
      process.on('SIGTERM', () => {});
      const child = require('child_process').spawn('sleep', ['1000']);
      console.log('child', child.pid, '.');
      setInterval(() => {}, 1000);`);
    await said(' .');
    const child = Number(
      /child (\d+)/.exec(readFileSync(logFile, 'utf8'))?.[1],
    );
    assert.ok(identify(child));

    await running.stop();
    assert.equal((await running.exited).signal, 'SIGKILL');
    await waitUntil({ what: 'the child to end', limitMs: 5_000 }, async () =>
      identify(child) ? undefined : true,
    );
  });

  it('is found by its record and ended after a crash', async () => {
    const running = start('setInterval(() => {}, 1000)');
    const record = readFileSync(recordFile, 'utf8');
    assert.equal(await endLeftover({ recordFile, ...STOP }), true);
    assert.ok(await running.exited);

    writeFileSync(recordFile, record);
    assert.equal(await endLeftover({ recordFile, ...STOP }), false);
    assert.equal(existsSync(recordFile), false);
  });

  it('is left alone when it only has the number of one that is gone', async () => {
    const other = start('setInterval(() => {}, 1000)');
    writeFileSync(
      recordFile,
      JSON.stringify({ pid: other.pid, startedAt: '1' }),
    );
    assert.equal(await endLeftover({ recordFile, ...STOP }), false);
    assert.ok(identify(other.pid));
    await other.stop();
  });

  it('cannot be started when its program is missing', async () => {
    const missing = startProcess({
      command: path.join(dir, 'missing'),
      args: [],
      logFile,
      recordFile,
      onLauncherDeath: 'SIGKILL',
      ...STOP,
    });
    // setpriv is what was started, and says so.
    assert.notEqual((await missing.exited).code, 0);
    assert.match(readFileSync(logFile, 'utf8'), /No such file/);
  });
});
