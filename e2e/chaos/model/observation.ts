import type { DatacenterObject } from '../datacenter/FileDatacenter.ts';

/** A record as it was committed, once for each time that it came. In the order of the commits of its cluster. */
export type CommittedRecord = {
  cluster: string;
  /** Its natural key. */
  name: string;
  /** Of a record that the harness had emitted; absent for those that the operator makes itself, of steps in the life of objects. */
  record?: number;
  incarnation: string;
  /** Of the session that brought it. */
  epoch: number;
  /** Of the link when it was committed. */
  openEpoch: number;
  /** The replica that held the link, and the one that wrote. */
  holder: string;
  writer: string;
};

/** One change of a link's row. In the order of the commits of its cluster. */
export type LinkChange = {
  cluster: string;
  before: LinkCounters;
  after: LinkCounters;
  holder: string;
  writer: string;
};

export type LinkCounters = {
  epoch: number;
  incarnation: string;
  acked: number;
  generation: number;
};

/** That an operator has stored a generation, as it told itself: sent to it in the session of that epoch. */
export type StoredState = {
  cluster: string;
  key: string;
  generation: number;
  epoch: number;
};

/** That an operator has stored a generation, as a session wrote it, because it was accepted or stood in a digest. In the order of the commits of its cluster. */
export type AcceptedChange = {
  cluster: string;
  key: string;
  accepted: number;
  epoch: number;
  /** Whether the cluster was behind its datacenter then (D9). */
  isBehind: boolean;
  holder: string;
  writer: string;
};

export type WantedState = {
  cluster: string;
  key: string;
  uid: string;
  generation: number;
  /** Absent for a tombstone. */
  yaml?: string;
  accepted?: number;
  /** What became of which generation, as the operator told. */
  result?: { generation: number; outcome: string };
  /** The tombstone was carried out. */
  isDeleted: boolean;
};

export type ShownState = {
  cluster: string;
  key: string;
  uid: string;
  generation: number;
  revision: string;
};

/** Everything that can be seen at one moment, from outside of all processes. */
export type Observation = {
  records: CommittedRecord[];
  /** Events that were set aside (E9), to be replayed. */
  parked: Array<{ cluster: string; key: string }>;
  links: LinkChange[];
  accepted: AcceptedChange[];
  stored: StoredState[];
  wanted: WantedState[];
  shown: ShownState[];
  /** The minutes that each usage record counts for: once for each incarnation that it came in (E8). */
  billed: Array<{ cluster: string; record: number; minutes: number }>;
  /** Clusters that are behind their datacenter (D9). */
  behind: string[];
  objects: Array<{ cluster: string; key: string; object: DatacenterObject }>;
  histories: Array<{
    cluster: string;
    key: string;
    versions: DatacenterObject[];
  }>;
  /** The epochs that an operator obeyed, for each life of its journal. */
  epochs: Array<{ cluster: string; lives: number[][] }>;
};

/** What the link promises. Each is a test of its own. */
export const PROMISES = [
  'every acknowledged record is in the database',
  'no record is committed twice, or billed twice',
  'no session writes once a newer one is open',
  'epochs, acknowledged sequences and generations never go back',
  'what was written down is wanted',
  'each datacenter has what is wanted of it, in its last generation',
  'the shown states are those of the datacenters',
  'no name inherits what another object left, or goes back to an older generation',
  'nothing is sent to a datacenter that the Manager is behind, and in the end it is behind none',
] as const;

export type LinkPromise = (typeof PROMISES)[number];

export type Violation = { promise: LinkPromise; detail: string };
