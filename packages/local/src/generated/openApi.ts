import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { mustRun } from '../processes/runCommand.ts';
import { yarnCommand } from '../processes/yarn.ts';
import { hashFile, hashFolder } from './hashFiles.ts';

/*
 * The typed router and client are generated from openapi.yaml by a program that needs Java and half a minute. So what was
 * generated is committed, together with hashes of what it was made of and of itself: whether it is current can be said
 * without generating.
 */

const SCHEMA = 'plugins/kubenova-backend/src/schema/openapi.yaml';
const RECORD = 'plugins/kubenova-backend/src/schema/openapi.sha256';
const GENERATED = [
  'plugins/kubenova-backend/src/schema/openapi/generated',
  'plugins/kubenova-common/src/schema/openapi/generated',
];

export function isOpenApiCodeCurrent(root: string): boolean {
  const record = path.join(root, RECORD);
  return existsSync(record) && readFileSync(record, 'utf8') === state(root);
}

export async function generateOpenApiCode(options: {
  root: string;
  signal: AbortSignal;
}): Promise<void> {
  const { root, signal } = options;
  const cwd = path.join(root, 'plugins/kubenova-backend');
  await mustRun(
    ...yarnCommand(root, [
      ...['run', '-T', 'backstage-repo-tools'],
      ...['package', 'schema', 'openapi', 'generate', '--server'],
      ...['--client-package', 'plugins/kubenova-common'],
    ]),
    { cwd, signal },
  );
  recordOpenApiCode(root);
}

export function recordOpenApiCode(root: string): void {
  writeFileSync(path.join(root, RECORD), state(root));
}

/** In the format of sha256sum, though folders are not something that it could check. */
function state(root: string): string {
  return [
    `${hashFile(path.join(root, SCHEMA))}  ${SCHEMA}\n`,
    ...GENERATED.map(
      folder => `${hashFolder(path.join(root, folder))}  ${folder}\n`,
    ),
  ].join('');
}
