import { existsSync } from 'node:fs';
import path from 'node:path';
import { isOpenApiCodeCurrent } from '../generated/openApi.ts';
import { isProtobufCodeCurrent } from '../generated/protobuf.ts';
import { yarnCommand } from '../processes/yarn.ts';
import { commandCheck, runChecks, type Check } from './check.ts';
import type { Suite } from './types.ts';

const inProto = (name: string, args: string[]): Check =>
  commandCheck(name, ({ root }) =>
    yarnCommand(root, ['workspace', '@kubenova/proto', 'run', ...args]),
  );

// Committed, so that the contract's past needs no history of git; `./kubenova generate baseline` moves it on.
const BASELINE = 'proto/baseline.binpb';

const CHECKS: Check[] = [
  commandCheck('prettier', ({ root }) =>
    yarnCommand(root, ['prettier', '--check', '--loglevel', 'warn', '.']),
  ),
  inProto('buf format', ['buf', 'format', '--diff', '--exit-code']),
  inProto('buf lint', ['buf', 'lint']),
  {
    name: 'buf breaking',
    async run(context) {
      const baseline = path.join(context.root, BASELINE);
      if (!existsSync(baseline)) {
        return `${BASELINE}, what the contract is compared with, is missing`;
      }
      const args = ['buf', 'breaking', '--against', baseline];
      return inProto('buf breaking', args).run(context);
    },
  },
  {
    name: 'generated protobuf code is current',
    run: async ({ root, signal }) =>
      (await isProtobufCodeCurrent({ root, signal }))
        ? undefined
        : 'proto/src/gen is not what buf makes of the .proto files: run ./kubenova generate',
  },
  {
    name: 'generated OpenAPI code is current',
    run: async ({ root }) =>
      isOpenApiCodeCurrent(root)
        ? undefined
        : 'openapi.yaml or the code generated from it was changed: run ./kubenova generate',
  },
];

export const format: Suite = {
  name: 'format',
  summary: 'How files are written, the contract’s changes, generated code.',
  isDefault: true,
  run: context => runChecks(CHECKS, context),
};
