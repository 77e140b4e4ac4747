import type { ApplyOutcome, DesiredState } from '../link/types.ts';
import type { Reports } from './Reports.ts';

/** Tells what became of desired states (E2). */
export class ApplyResults {
  readonly #reports: Reports;

  constructor(options: { reports: Reports }) {
    this.#reports = options.reports;
  }

  tell(state: DesiredState, outcome: ApplyOutcome, message = ''): void {
    const { key, uid, generation } = state;
    const body = {
      case: 'applyResult' as const,
      value: { key, uid, generation, outcome, message },
    };
    if (outcome === 'Deleted') {
      this.#reports.conclude(`apply/${key}`, body);
    } else {
      this.#reports.report(`apply/${key}`, body);
    }
  }
}
