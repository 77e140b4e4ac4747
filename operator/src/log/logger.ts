/**
 * Structured logs: one JSON object a line on standard output.
 *
 * The names of fields are a closed list, so that a query over logs finds the same thing in every release.
 */
export type LogFields = {
  /** The key of a desired state or event. */
  key?: string;
  generation?: number;
  epoch?: number;
  /** The highest sequence of events that is meant. */
  seq?: number;
  incarnation?: string;
  processInstance?: string;
  clusterId?: string;
  tenant?: string;
  component?: string;
  namespace?: string;
  outcome?: string;
  reason?: string;
  method?: string;
  snapshotId?: string;
  /** How many of what the message names. */
  count?: number;
  durationMs?: number;
  delayMs?: number;
  port?: number;
  signal?: string;
  version?: string;
  error?: unknown;
};

export interface Logger {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds these fields to each line. */
  child(fields: LogFields): Logger;
}

/** What is written, as one JSON object. */
export type LogLine = Omit<LogFields, 'error'> & {
  /** ISO 8601. */
  time: string;
  level: 'info' | 'warn' | 'error';
  message: string;
  /** What was thrown. */
  error?: string;
  stack?: string;
};

export function createLogger(options: {
  write: (line: string) => void;
  now: () => { toISO(): string | null };
  fields?: LogFields;
  /** Sees each line as well. */
  see?: (line: LogLine) => void;
}): Logger {
  const log =
    (level: LogLine['level']) => (message: string, fields?: LogFields) => {
      const { error, ...rest } = { ...options.fields, ...fields };
      const line: LogLine = {
        time: options.now().toISO() ?? '',
        level,
        message,
        ...rest,
        ...(error !== undefined && describe(error)),
      };
      options.write(JSON.stringify(line));
      options.see?.(line);
    };
  return {
    info: log('info'),
    warn: log('warn'),
    error: log('error'),
    child: fields =>
      createLogger({ ...options, fields: { ...options.fields, ...fields } }),
  };
}

function describe(error: unknown): { error: string; stack?: string } {
  return error instanceof Error
    ? { error: error.message, stack: error.stack }
    : { error: String(error) };
}
