/** What the reconcilers need of a log. */
export interface Logger {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** An error's sentence, for events and logs. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
