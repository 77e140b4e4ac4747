import { LoggerService } from '@backstage/backend-plugin-api';

/** Logs to standard error, one JSON object a line. */
export function processLogger(fields: object = {}): LoggerService {
  const log = (level: string) => (message: string, meta?: object) =>
    void process.stderr.write(
      `${JSON.stringify({
        at: new Date().toISOString(),
        level,
        message,
        ...fields,
        ...(meta instanceof Error ? { error: meta.message } : meta),
      })}\n`,
    );
  return {
    error: log('error'),
    warn: log('warn'),
    info: log('info'),
    debug: log('debug'),
    child: more => processLogger({ ...fields, ...more }),
  };
}
