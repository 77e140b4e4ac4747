import path from 'node:path';

/** The command line of the Yarn release that is part of the checkout. */
export function yarnCommand(
  root: string,
  args: string[],
): [command: string, args: string[]] {
  const release = path.join(root, '.yarn/releases/yarn-4.18.1.cjs');
  return [process.execPath, [release, ...args]];
}
