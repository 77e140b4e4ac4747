import { versionOf } from '../toolchain/pins.ts';

/** A chart that the operator installs; packaged as `<name>-<version>.tgz`. */
export type Chart = {
  name: string;
  version: string;
  /** The tool set whose folder and go.mod it belongs to. */
  set: string;
  /** Its folder: in the source of a Go module, or in the tool set's own folder. */
  source: { module: string; folder: string } | { folder: string };
};

/**
 * Capsule's and KubeVela's charts come with their modules' source, so chart and binary are always of one release. Their
 * makers write version and appVersion into them on release; we do the same.
 */
export const charts: readonly Chart[] = [
  {
    name: 'capsule',
    version: versionOf('capsule'),
    set: 'capsule',
    source: {
      module: 'github.com/projectcapsule/capsule',
      folder: 'charts/capsule',
    },
  },
  {
    name: 'vela-core',
    version: versionOf('vela'),
    set: 'vela',
    source: {
      module: 'github.com/oam-dev/kubevela',
      folder: 'charts/vela-core',
    },
  },
  {
    name: 'capsule-proxy-standin',
    version: versionOf('capsule-proxy-standin'),
    set: 'capsule-proxy-standin',
    source: { folder: 'chart' },
  },
];

export function chartFileName(chart: Chart): string {
  return `${chart.name}-${chart.version}.tgz`;
}
