/** One running KubeNova of one checkout: what it is called and where it lives on this machine. */
export type Instance = {
  /** Four hex characters, unique on this machine; part of every network namespace, interface and cgroup name. */
  id: string;
  /** The checkout, absolute. */
  root: string;
  /** `<root>/.kubenova/<name>`: everything this instance keeps. */
  stateDir: string;
  /** `/run/kubenova/<id>`: sockets, whose paths may have at most 107 bytes. */
  runDir: string;
  /** Outside the checkout and shared by all of them: built binaries, images, snapshots. */
  cacheDir: string;
  /** n of 10.n.0.0/16, which this instance alone uses on this machine. */
  network: number;
  /** TCP ports on the machine. */
  ports: { portal: number; link: number; postgres: number };
};

/** What an instance keeps in `instance.json`. */
export type InstanceRecord = Pick<Instance, 'id' | 'network' | 'ports'>;

/** The machine as seen by the allocation: replaced by tests. */
export type Machine = {
  /** n of every 10.n.0.0/16 that an address or a route of this machine touches. */
  networksInUse(): Promise<Set<number>>;
  isPortFree(port: number): Promise<boolean>;
  /** Four hex characters, anew at each call. */
  randomId(): string;
};
