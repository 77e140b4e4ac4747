import type { Client } from 'pg';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** What one backend of Postgres ran from BEGIN to COMMIT, with its parameters written into it. */
export type LoggedTransaction = { statements: string[] };

const PREFIX = /^(?<pid>\d+)\|(?<kind>[A-Z]+): {2}(?<text>.*)$/;
const EXECUTED = /^(?:execute [^:]*|statement): /;

/**
 * Has Postgres log every statement while the work runs, and reads the transactions that it committed from the log.
 *
 * Postgres is the only one who sees them as they are: whatever libraries and drivers make of a statement is done by then.
 */
export async function logTransactions(options: {
  client: Client;
  logFile: string;
  work: () => Promise<void>;
}): Promise<LoggedTransaction[]> {
  const { client, logFile, work } = options;
  const file = openSync(logFile, 'r');
  try {
    const from = fstatSync(file).size;
    await alterSystem(client, [
      "log_line_prefix = '%p|'",
      "log_statement = 'all'",
    ]);
    try {
      await work();
    } finally {
      await alterSystem(client, undefined);
    }
    const log = Buffer.alloc(fstatSync(file).size - from);
    readSync(file, log, 0, log.length, from);
    return readTransactions(log.toString('utf8'));
  } finally {
    closeSync(file);
  }
}

async function alterSystem(
  client: Client,
  settings: string[] | undefined,
): Promise<void> {
  for (const setting of settings ?? []) {
    await client.query(`ALTER SYSTEM SET ${setting}`);
  }
  if (!settings) {
    await client.query('ALTER SYSTEM RESET log_statement');
    await client.query('ALTER SYSTEM RESET log_line_prefix');
  }
  await client.query('SELECT pg_reload_conf()');
}

/** @param log - lines with the prefix `<process id>|`; a line without it goes on with the one before */
export function readTransactions(log: string): LoggedTransaction[] {
  const open = new Map<string, string[]>();
  const committed: LoggedTransaction[] = [];
  for (const { pid, kind, text } of readEntries(log)) {
    const statements = open.get(pid);
    if (kind === 'LOG' && EXECUTED.test(text)) {
      const statement = text.replace(EXECUTED, '').trim();
      if (/^begin\b/i.test(statement)) {
        open.set(pid, []);
      } else if (/^commit\b/i.test(statement)) {
        open.delete(pid);
        committed.push({ statements: statements ?? [] });
      } else {
        statements?.push(statement);
      }
    } else if (kind === 'DETAIL' && statements) {
      statements.push(bind(statements.pop() ?? '', text));
    }
  }
  return committed;
}

type Entry = { pid: string; kind: string; text: string };

function readEntries(log: string): Entry[] {
  const entries: Entry[] = [];
  for (const line of log.split('\n')) {
    const groups = PREFIX.exec(line)?.groups;
    const last = entries.at(-1);
    if (groups) {
      entries.push(groups as Entry);
    } else if (last) {
      last.text += `\n${line}`;
    }
  }
  return entries;
}

/** Postgres logs `Parameters: $1 = 'text', $2 = NULL`, quoted as literals. */
function bind(statement: string, detail: string): string {
  const literals = new Map<string, string>();
  const parameter = /\$(\d+) = (NULL|'(?:[^']|'')*')/g;
  for (const [, number, literal] of detail.matchAll(parameter)) {
    literals.set(number, literal);
  }
  return statement.replace(
    /\$(\d+)/g,
    (written, number) => literals.get(number) ?? written,
  );
}
