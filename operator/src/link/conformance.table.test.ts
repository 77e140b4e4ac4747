import {
  CASES,
  RULES_OFF_THE_WIRE,
} from '@kubenova/proto/conformance/index.ts';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

const PROTOCOL = join(import.meta.dirname, '../../../docs/protocol.md');
/** Sections that have no numbers. */
const SECTIONS = ['opening', 'end'];

/** The numbers that stand at the head of a rule: `- **D9, D10.** …`. */
function rulesOfProtocol(): string[] {
  const text = readFileSync(PROTOCOL, 'utf8');
  return [...text.matchAll(/^- \*\*([DES]\d+(?:, [DES]\d+)*)\.\*\*/gm)].flatMap(
    match => match[1].split(', '),
  );
}

describe('the table of conformance', () => {
  it('has a case for every rule that a frame shows', () => {
    const rules = rulesOfProtocol();
    assert.ok(rules.length >= 28, `found only ${rules}`);
    const proven = new Set(CASES.flatMap(each => each.rules));
    assert.deepEqual(
      rules.filter(rule => !proven.has(rule)).sort(),
      Object.keys(RULES_OFF_THE_WIRE).sort(),
    );
  });

  it('cites no rule that the protocol does not have', () => {
    const rules = new Set([...rulesOfProtocol(), ...SECTIONS]);
    assert.deepEqual(
      CASES.flatMap(each => each.rules).filter(rule => !rules.has(rule)),
      [],
    );
  });

  it('has each case once', () => {
    const names = CASES.map(({ name }) => name);
    assert.deepEqual(
      names.filter((name, index) => names.indexOf(name) !== index),
      [],
    );
  });

  it('runs most cases against both ends', () => {
    const both = CASES.filter(({ only }) => !only).length;
    assert.ok(both >= CASES.length / 3, `${both} of ${CASES.length}`);
  });
});
