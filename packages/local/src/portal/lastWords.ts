const LINES = 15;

/**
 * The end of the backend's log as a person wants to read it: messages only, without the requests of those who asked
 * whether it is ready, and without what went well when something did not.
 */
export function lastWords(log: string): string {
  const entries = log.split('\n').filter(Boolean).map(parse);
  const problems = entries.filter(({ level }) => level !== 'info');
  const shown = problems.length > 0 ? problems : entries;
  return shown
    .map(({ message }) => message)
    .slice(-LINES)
    .join('\n');
}

type Entry = { level: string | undefined; message: string };

function parse(line: string): Entry {
  try {
    const { level, message } = JSON.parse(line);
    return { level, message };
  } catch {
    // Not the logger's: what Node itself says about a crash.
    return { level: undefined, message: line };
  }
}
