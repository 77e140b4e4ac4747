import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** What the production build is made of. Folders count with everything in them that is not built or a test. */
const SOURCES = [
  'package.json',
  'yarn.lock',
  'tsconfig.json',
  'backstage.json',
  'app-config.yaml',
  'packages/app',
  'packages/backend',
  'plugins',
  'proto',
];

const NOT_A_SOURCE = /^(node_modules|dist|dist-types|coverage|\..*)$/;
const TEST = /\.test\.tsx?$/;

/** A short hash of every source of the portal: the same sources make the same build. */
export function hashPortalSources(root: string): string {
  const hash = createHash('sha256');
  for (const file of SOURCES.flatMap(source => filesIn(root, source))) {
    hash.update(`${file}\0`);
    hash.update(readFileSync(path.join(root, file)));
    hash.update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}

function filesIn(root: string, relative: string): string[] {
  if (!statSync(path.join(root, relative)).isDirectory()) {
    return [relative];
  }
  return readdirSync(path.join(root, relative))
    .sort()
    .filter(name => !NOT_A_SOURCE.test(name) && !TEST.test(name))
    .flatMap(name => filesIn(root, path.join(relative, name)));
}
