/** Words about desired states: what is wanted, sent and accepted. An object's uid has the key as its name, unless another is given. */
import { createHash } from 'node:crypto';
import type { DigestEntry } from '../../src/index.ts';
import { uuid, type Pattern } from '../patterns.ts';
import { manager, managerDoes, operator } from '../steps.ts';
import type { Step } from '../types.ts';

export const yamlOf = (yaml: string): Uint8Array =>
  new TextEncoder().encode(yaml);

export const sha256 = (yaml: string): Uint8Array =>
  new Uint8Array(createHash('sha256').update(yaml, 'utf8').digest());

export const wants = (key: string, yaml: string, name = key): Step =>
  managerDoes({ act: 'wants', key, uid: uuid(name), yaml });

export const wantsGone = (key: string, name = key): Step =>
  managerDoes({ act: 'wants gone', key, uid: uuid(name) });

export const applies = (
  number: bigint,
  generation: bigint,
  key: string,
  yaml: string,
  name = key,
): Step =>
  manager('applyYaml', {
    number,
    key,
    generation,
    uid: uuid(name),
    sha256: sha256(yaml),
    content: { case: 'yaml', value: yamlOf(yaml) },
  });

export const buries = (
  number: bigint,
  generation: bigint,
  key: string,
  name = key,
): Step =>
  manager('applyYaml', {
    number,
    key,
    generation,
    uid: uuid(name),
    sha256: new Uint8Array(),
    content: { case: 'tombstone', value: {} },
  });

export const accepts = (
  number: bigint,
  generation: bigint,
  key: string,
): Step => operator('accepted', { number, generation, key });

export const ACME = 'tenants/acme';

/** A line of a digest. */
export const held = (
  key: string,
  generation: bigint,
  yaml: string,
): Pattern<DigestEntry> => ({
  key,
  generation,
  uid: uuid(key),
  sha256: sha256(yaml),
  deleted: false,
});
