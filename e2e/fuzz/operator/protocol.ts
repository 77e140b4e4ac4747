import type { Holdings } from '../holdings.ts';

/** What a fuzzed operator is started with. */
export type FuzzedOptions = {
  /** Of its journal. */
  folder: string;
  manager: { url: string; ca: string };
  joinTokenFile: string;
  clusterId: string;
  installationId: string;
};

export type FuzzedOrder =
  /** Puts the record of that number. */
  { put: number } | { memory: true };

/** The answer to `memory`, after the garbage was collected. */
export type OperatorHoldings = Holdings & {
  /** Highest sequence that the operator knows to be acknowledged. */
  ackedSeq: number;
};
