import type { Instance } from '../../instance/index.ts';
import type { OnProgress } from '../../progress.ts';
import type { Layout } from '../layout.ts';
import type { ProcessTable } from '../processTable.ts';
import type { Datacenter, DatacenterTools, ImageArchive } from '../types.ts';

export type UpDatacenterOptions = {
  instance: Instance;
  name: string;
  toolchain: DatacenterTools;
  images: ImageArchive[];
  /** Whether a new datacenter starts from the snapshot of `snapshotKey` if there is one. Default: `none`. */
  snapshot?: 'use' | 'none';
  /** Default: the toolchain's key. */
  snapshotKey?: string;
  signal: AbortSignal;
  onProgress?: OnProgress;
};

/** What the steps of one start share. */
export type StartContext = UpDatacenterOptions & {
  datacenter: Datacenter;
  layout: Layout;
  table: ProcessTable;
};

const STEPS = [
  'network',
  'images',
  'control plane',
  'services',
  'node',
] as const;

/** Tells that a step has begun, or how it goes. */
export function report(
  context: StartContext,
  step: (typeof STEPS)[number],
  message: string,
): void {
  context.onProgress?.({
    step,
    index: STEPS.indexOf(step) + 1,
    total: STEPS.length,
    message,
  });
}
