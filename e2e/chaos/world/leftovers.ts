/**
 * What a run must not leave behind even when it is broken off: processes that are stopped and see nothing, file systems that are mounted.
 * Each is undone when this process ends, however it ends but by SIGKILL.
 */
const undo = new Set<() => void>();

process.on('exit', () => undo.forEach(each => each()));
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => process.exit(1));
}

/** Runs at the end of the process, unless what it returns is called before. */
export function leavesBehind(cleanUp: () => void): () => void {
  undo.add(cleanUp);
  return () => undo.delete(cleanUp);
}
