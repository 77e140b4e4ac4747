/** One field that another manager owns, as the API server names it. */
export type FieldConflict = { field: string; message: string };

type StatusBody = {
  message?: string;
  reason?: string;
  details?: {
    causes?: Array<{ reason?: string; message?: string; field?: string }>;
  };
};

/** The API server's refusal: its status code, its reason in CamelCase and its own sentence. */
export class KubeApiError extends Error {
  readonly status: number;
  readonly reason: string;
  /** Filled where a server-side apply without force met other managers' fields. */
  readonly conflicts: FieldConflict[];

  constructor(status: number, body: string) {
    const parsed = parseStatus(body);
    super(parsed.message ?? (body.slice(0, 500) || `HTTP ${status}`));
    this.name = 'KubeApiError';
    this.status = status;
    this.reason = parsed.reason ?? '';
    this.conflicts = (parsed.details?.causes ?? [])
      .filter(cause => cause.reason === 'FieldManagerConflict')
      .map(cause => ({
        field: cause.field ?? '',
        message: cause.message ?? '',
      }));
  }

  static is(error: unknown, ...statuses: number[]): error is KubeApiError {
    return (
      error instanceof KubeApiError &&
      (statuses.length === 0 || statuses.includes(error.status))
    );
  }
}

function parseStatus(body: string): StatusBody {
  try {
    return JSON.parse(body) as StatusBody;
  } catch {
    return {};
  }
}
