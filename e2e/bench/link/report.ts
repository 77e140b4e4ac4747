import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { summary, table, type Figure } from './figures.ts';

const BEGIN = '<!-- bench link: begin -->';
const END = '<!-- bench link: end -->';

/** Writes the figures to e2e/bench/link.json, and their table between the marks of docs/benchmarks.md. */
export function writeReport(options: {
  root: string;
  figures: readonly Figure[];
}): void {
  const { root, figures } = options;
  const measuredAt = new Date().toISOString();
  const machine = {
    cores: os.availableParallelism(),
    memoryGib: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()}`,
    node: process.version,
  };
  const file = path.join(root, 'e2e/bench/link.json');
  mkdirSync(path.dirname(file), { recursive: true });
  const result = { measuredAt, machine, figures };
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);

  const page = path.join(root, 'docs/benchmarks.md');
  const text = readFileSync(page, 'utf8');
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) {
    throw new Error(`${page} has no place for the table: ${BEGIN} … ${END}`);
  }
  const about = `${machine.cores} cores, ${machine.memoryGib} GiB, Node ${
    machine.node
  }, ${measuredAt.slice(0, 10)}: ${summary(figures)}.`;
  writeFileSync(
    page,
    `${text.slice(0, begin)}${BEGIN}\n\n${about}\n\n${table(
      figures,
    )}\n\n${text.slice(end)}`,
  );
}
