import {
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  symlinkSync,
} from 'node:fs';
import path from 'node:path';

/**
 * Gives an unpacked bundle the checkout's dependencies. Every package becomes a link into the checkout's node_modules,
 * except for the checkout's own packages, whose links there lead to sources: they lead to the bundle here. Run
 * with --preserve-symlinks, code then finds the built packages and never the sources, from wherever it looks.
 */
export function linkDependencies(options: {
  root: string;
  /** The unpacked bundle. */
  dir: string;
  /** Where the bundle will lie when it is used. */
  finalDir: string;
}): void {
  const { root, dir, finalDir } = options;
  const modules = path.join(root, 'node_modules');
  mkdirSync(path.join(dir, 'node_modules'), { recursive: true });
  for (const name of packageNames(modules)) {
    const target = realpathSync(path.join(modules, name));
    const workspace = path.relative(root, target);
    const isWorkspace = !workspace.split(path.sep).includes('node_modules');
    const link = path.join(dir, 'node_modules', name);
    if (!isWorkspace) {
      mkdirSync(path.dirname(link), { recursive: true });
      symlinkSync(target, link);
    } else if (existsSync(path.join(dir, workspace))) {
      mkdirSync(path.dirname(link), { recursive: true });
      symlinkSync(path.join(finalDir, workspace), link);
      linkOwnModules(path.join(root, workspace), path.join(dir, workspace));
    }
  }
}

/** A package's own node_modules hold the versions on which it does not agree with the others. */
function linkOwnModules(source: string, built: string): void {
  const own = path.join(source, 'node_modules');
  if (existsSync(own)) {
    symlinkSync(own, path.join(built, 'node_modules'));
  }
}

function packageNames(modules: string): string[] {
  return readdirSync(modules)
    .filter(name => !name.startsWith('.'))
    .flatMap(name =>
      name.startsWith('@')
        ? readdirSync(path.join(modules, name)).map(rest => `${name}/${rest}`)
        : [name],
    )
    .filter(name => existsSync(path.join(modules, name)));
}
