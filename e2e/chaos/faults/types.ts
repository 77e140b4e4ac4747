import type { Model } from '../model/Model.ts';
import type { Random } from '../schedule/Random.ts';
import type { Backups } from '../world/Backups.ts';
import type { Workload } from '../world/Workload.ts';
import type { World } from '../world/World.ts';

/** What an operation works with; its random numbers are its own. */
export type Chaos = {
  world: World;
  model: Model;
  workload: Workload;
  backups: Backups;
  random: Random;
  /** Heals what is wrong with it now, so that only one thing is at a time. */
  take(on: string): Promise<void>;
};

/** Something that is wrong from now on, until it is healed. */
export type Fault = {
  /** A sentence for who reads the schedule. */
  what: string;
  /** What is taken by it: nothing else can be wrong with that meanwhile. */
  on: string;
  /** Whether it shows by now. */
  isNoticed?(): Promise<boolean>;
  heal(): Promise<void>;
};

export type Operation = {
  /** How often it comes, relative to others. */
  weight: number;
  /** Whether it needs everything else to be well. */
  isAlone?: boolean;
  /** Whether an operator has another journal afterwards, or a second one beside it. */
  replacesJournal?: boolean;
  /** Undefined where it can't be had at present: nothing was done. */
  inject(chaos: Chaos): Promise<Fault | undefined>;
};
