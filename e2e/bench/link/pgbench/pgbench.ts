import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { LoggedTransaction } from './statementLog.ts';

const run = promisify(execFile);

/**
 * Runs transactions, drawn at random, from several connections as fast as Postgres takes them.
 *
 * @returns transactions a second
 */
export async function runPgbench(options: {
  command: string;
  connectionString: string;
  transactions: readonly LoggedTransaction[];
  clients: number;
  seconds: number;
}): Promise<number> {
  const { command, connectionString, transactions } = options;
  const dir = mkdtempSync(path.join(os.tmpdir(), 'kubenova-pgbench-'));
  try {
    const scripts = transactions.flatMap(({ statements }, index) => {
      const file = path.join(dir, `${index}.sql`);
      writeFileSync(file, script(statements));
      return ['--file', file];
    });
    const { stdout } = await run(
      command,
      [
        ...['--no-vacuum', '--client', String(options.clients)],
        ...['--jobs', '2', '--time', String(options.seconds)],
        // Two connections may write the same rows in another order; what Postgres ends for that is tried again.
        ...['--max-tries', '10'],
        ...scripts,
        connectionString,
      ],
      { maxBuffer: 64 * 1024 * 1024 },
    );
    const tps = /tps = ([\d.]+)/.exec(stdout)?.[1];
    if (!tps) {
      throw new Error(`pgbench told no figure:\n${stdout}`);
    }
    return Number(tps);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function script(statements: readonly string[]): string {
  return ['BEGIN', ...statements, 'COMMIT']
    .map(statement => `${statement.replace(/;\s*$/, '')};\n`)
    .join('');
}
