/** The last warnings and errors of this process, for people who ask how it is. In memory: logs proper go to standard output. */
import type { LogLine } from './logger.ts';

const KEPT = 20;
const MAX_TEXT_LENGTH = 500;

/** Without the fields: a sentence and what was thrown tell enough, and are written by code that knows of secrets. */
export type Problem = {
  /** ISO 8601. */
  at: string;
  level: 'warn' | 'error';
  message: string;
  /** What was thrown, without its stack. */
  error?: string;
};

export class RecentProblems {
  readonly #problems: Problem[] = [];

  /** Takes every line that is logged, and keeps those that tell of a problem. */
  readonly see = (line: LogLine): void => {
    const { time, level, message, error } = line;
    if (level === 'info') {
      return;
    }
    this.#problems.unshift({
      at: time,
      level,
      message: shortened(message),
      ...(error !== undefined && { error: shortened(error) }),
    });
    this.#problems.splice(KEPT);
  };

  /** Newest first. */
  list(): Problem[] {
    return [...this.#problems];
  }
}

/** One line, and not all of a long one: errors of HTTP quote whole bodies. */
function shortened(text: string): string {
  const [line] = text.split('\n', 1);
  return line.length > MAX_TEXT_LENGTH
    ? `${line.slice(0, MAX_TEXT_LENGTH)}…`
    : line;
}
