import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createTerminal, formatDuration } from './steps.ts';

function recordingTerminal() {
  const lines: string[] = [];
  let clock = 0;
  return {
    lines,
    pass: (milliseconds: number) => {
      clock += milliseconds;
    },
    terminal: createTerminal({
      write: text => lines.push(text.trimEnd()),
      now: () => clock,
    }),
  };
}

describe('steps at the terminal', () => {
  it('say what is done, where it ended up and how long it took', async () => {
    const { lines, pass, terminal } = recordingTerminal();
    const result = await terminal.step('Starting Postgres', async detail => {
      pass(1340);
      detail('127.0.0.1:5432');
      return 'running';
    });
    assert.equal(result, 'running');
    assert.deepEqual(lines, [
      '[kubenova] Starting Postgres …',
      '[kubenova] Starting Postgres: 127.0.0.1:5432 (1.3 s)',
    ]);
  });

  it('say that a step failed and pass the failure on', async () => {
    const { lines, terminal } = recordingTerminal();
    await assert.rejects(
      terminal.step('Building', async () => {
        throw new Error('disk full');
      }),
      /disk full/,
    );
    assert.equal(lines.at(-1), '[kubenova] Building failed after 0 ms');
  });

  it('name durations in the unit that a person would use', () => {
    assert.equal(formatDuration(839.6), '840 ms');
    assert.equal(formatDuration(12_340), '12.3 s');
    assert.equal(formatDuration(125_000), '2 min 5 s');
  });
});
