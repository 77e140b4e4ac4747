import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { mustRun } from '../processes/runCommand.ts';
import { goEnvironment } from './goBuild.ts';
import { toolSetsSource } from './toolchainKey.ts';

/** Our own Go programs have their tests beside them. */
describe('our Go programs', () => {
  const programs = readdirSync(toolSetsSource).filter(name =>
    readdirSync(path.join(toolSetsSource, name)).includes('main.go'),
  );
  for (const name of programs) {
    it(`${name} passes go vet and go test`, async () => {
      const cwd = path.join(toolSetsSource, name);
      await mustRun('go', ['vet', './...'], { cwd, env: goEnvironment() });
      await mustRun('go', ['test', './...'], { cwd, env: goEnvironment() });
    });
  }
});
