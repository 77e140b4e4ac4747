/** One step of a longer job, as shown to people: `[2/7] Control plane: waiting for the API server`. */
export type Progress = {
  /** Stable name of the step, e.g. `kube-apiserver`. */
  step: string;
  /** Position of the step, from 1 to `total`. */
  index: number;
  total: number;
  /** A short sentence on what is happening now. */
  message: string;
};

/** Called whenever a job has something new to tell; must not throw. */
export type OnProgress = (progress: Progress) => void;
