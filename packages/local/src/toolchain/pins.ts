/**
 * Every version that local datacenters are built from, and why it is that one.
 *
 * The Go modules themselves are pinned by the go.mod and go.sum pair of each tool set in `packages/local/toolchain/<set>`;
 * a test holds these versions and those files together. Raising a version: change it here and in the set's go.mod
 * (`go get -tool <package>@<version>` in its folder), nothing else; only that set is built again.
 */

/** A command of a tool set, built to a file of this name. */
export type ToolBinary = { name: string; package: string };

/** Go modules that are resolved and built together: one folder of `packages/local/toolchain`, one go.mod. */
export type ToolSet = {
  name: string;
  /** The module that `version` speaks of; absent for our own sources, whose content is their version. */
  module?: string;
  version: string;
  tags?: readonly string[];
  /** `-X` values: without them these programs report v0.0.0, and others decide by what they report. */
  stamps?: Readonly<Record<string, string>>;
  /** In the order in which they are built. */
  binaries: readonly ToolBinary[];
};

/** The least Go that every go.mod here accepts (Capsule asks for the most); a newer one is fine. */
export const goVersion = '1.26.4';

// Capsule 0.14.0 and KubeVela 1.10.9 below were tried on this release together; raise the three together.
const kubernetesVersion = '1.36.3';

const kubernetesStamps = Object.fromEntries(
  ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap(
    path => [
      [`${path}.gitVersion`, `v${kubernetesVersion}`],
      [`${path}.gitMajor`, kubernetesVersion.split('.')[0]],
      [`${path}.gitMinor`, kubernetesVersion.split('.')[1]],
    ],
  ),
);

/** What a bare control plane consists of (with the few controllers that tests switch on): no node, no pods. */
export const controlPlaneBinaries = [
  'etcd',
  'kube-apiserver',
  'kubectl',
  'kube-controller-manager',
] as const;

/** What goes into the images that people load into clusters of their own: Helm packages the charts, too. */
export const operatorBinaries = ['helm', 'capsule-proxy-standin'] as const;

/**
 * In the order of need: a bare control plane, then a node that becomes Ready, then what runs on it. A first start shows
 * its progress in this order, and whatever is ready can be used while the rest is still being built.
 */
export const toolSets: readonly ToolSet[] = [
  {
    // The release line (3.6) of the etcd client that Kubernetes 1.36 is built with.
    name: 'etcd',
    module: 'go.etcd.io/etcd/server/v3',
    version: '3.6.16',
    binaries: [{ name: 'etcd', package: 'go.etcd.io/etcd/server/v3' }],
  },
  {
    name: 'kubernetes',
    module: 'k8s.io/kubernetes',
    version: kubernetesVersion,
    stamps: kubernetesStamps,
    binaries: [
      'kube-apiserver',
      'kubectl',
      'kube-controller-manager',
      'kube-scheduler',
      'kubelet',
      'kube-proxy',
    ].map(name => ({ name, package: `k8s.io/kubernetes/cmd/${name}` })),
  },
  {
    // Of the snapshotters only overlayfs is used; those left out want file systems and libraries of the machine.
    name: 'containerd',
    module: 'github.com/containerd/containerd/v2',
    version: '2.2.1',
    tags: ['no_btrfs', 'no_zfs', 'no_devmapper'],
    stamps: { 'github.com/containerd/containerd/v2/version.Version': '2.2.1' },
    binaries: ['containerd', 'containerd-shim-runc-v2', 'ctr'].map(name => ({
      name,
      package: `github.com/containerd/containerd/v2/cmd/${name}`,
    })),
  },
  {
    // Its bridge and portmap can masquerade and map ports with nftables, as our kube-proxy does.
    name: 'cni',
    module: 'github.com/containernetworking/plugins',
    version: '1.9.0',
    binaries: [
      'main/bridge',
      'ipam/host-local',
      'main/loopback',
      'meta/portmap',
    ].map(path => ({
      name: path.split('/')[1],
      package: `github.com/containernetworking/plugins/plugins/${path}`,
    })),
  },
  {
    name: 'pause',
    version: '1',
    binaries: [{ name: 'pause', package: '.' }],
  },
  {
    name: 'coredns',
    module: 'github.com/coredns/coredns',
    version: '1.14.7',
    binaries: [{ name: 'coredns', package: 'github.com/coredns/coredns' }],
  },
  {
    // Helm 3: the charts of Capsule and KubeVela are written for it.
    name: 'helm',
    module: 'helm.sh/helm/v3',
    version: '3.22.0',
    stamps: { 'helm.sh/helm/v3/internal/version.version': 'v3.22.0' },
    binaries: [{ name: 'helm', package: 'helm.sh/helm/v3/cmd/helm' }],
  },
  {
    name: 'capsule',
    module: 'github.com/projectcapsule/capsule',
    version: '0.14.0',
    binaries: [
      {
        name: 'capsule',
        package: 'github.com/projectcapsule/capsule/cmd/controller',
      },
    ],
  },
  {
    // Not to be had as a Go module; see capsule-proxy-standin/main.go for what ours does and what it does not.
    name: 'capsule-proxy-standin',
    version: '0.1.0',
    binaries: [{ name: 'capsule-proxy-standin', package: '.' }],
  },
  {
    // Not to be had as a Go module either; KubeVela's chart runs it in two hook jobs.
    name: 'webhook-certgen',
    version: '0.1.0',
    binaries: [{ name: 'webhook-certgen', package: '.' }],
  },
  {
    name: 'vela',
    module: 'github.com/oam-dev/kubevela',
    version: '1.10.9',
    stamps: { 'github.com/oam-dev/kubevela/version.VelaVersion': 'v1.10.9' },
    binaries: [
      { name: 'vela-core', package: 'github.com/oam-dev/kubevela/cmd/core' },
    ],
  },
  {
    // The sample application of `./kubenova start`.
    name: 'go-httpbin',
    module: 'github.com/mccutchen/go-httpbin/v2',
    version: '2.26.0',
    binaries: [
      {
        name: 'go-httpbin',
        package: 'github.com/mccutchen/go-httpbin/v2/cmd/go-httpbin',
      },
    ],
  },
];

/** The pinned version of a tool set, as images and charts are tagged with it. */
export function versionOf(setName: string): string {
  const set = toolSets.find(({ name }) => name === setName);
  if (!set) {
    throw new Error(`There is no tool set named ${setName}.`);
  }
  return set.version;
}
