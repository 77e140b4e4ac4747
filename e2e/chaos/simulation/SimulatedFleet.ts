import {
  LightOperator,
  type LightOperatorEvents,
} from '../../bench/link/swarm/LightOperator.ts';
import type { Cluster } from '../world/OperatorHost.ts';

const ENROLLED_AT_ONCE = 16;
/** Of the tenant that each cluster has. */
const TENANT = 'acme';

type Member = {
  cluster: Cluster;
  operator: LightOperator;
  away: AbortController;
  assignedSeq: bigint;
  ackedSeq: bigint;
  /** The last generation of the tenant that came. */
  generation: bigint;
  isOpen: boolean;
};

/** Light operators over real streams, of which some can be away. */
export class SimulatedFleet {
  readonly #members: Member[];

  constructor(options: {
    clusters: readonly Cluster[];
    manager: { installationId: string; caPem: string; url: string };
  }) {
    this.#members = options.clusters.map(cluster => {
      const { installationId, caPem: ca, url } = options.manager;
      return {
        cluster,
        operator: new LightOperator(
          { ...cluster, installationId, manager: { url, ca } },
          this.#hooks(cluster.id),
        ),
        away: new AbortController(),
        ...{ assignedSeq: 0n, ackedSeq: 0n, generation: 0n, isOpen: false },
      };
    });
  }

  get clusters(): Cluster[] {
    return this.#members.map(({ cluster }) => cluster);
  }

  get open(): number {
    return this.#members.filter(({ isOpen }) => isOpen).length;
  }

  async enroll(): Promise<void> {
    for (let from = 0; from < this.#members.length; from += ENROLLED_AT_ONCE) {
      const some = this.#members.slice(from, from + ENROLLED_AT_ONCE);
      await Promise.all(some.map(({ operator }) => operator.enroll()));
    }
  }

  /** These dial, and dial again, until they are away. */
  comeBack(which: (index: number) => boolean): void {
    for (const member of this.#members.filter((_, index) => which(index))) {
      member.away = new AbortController();
      void member.operator.run(member.away.signal);
    }
  }

  /** These break off, and do not dial. */
  goAway(which: (index: number) => boolean): void {
    this.#members
      .filter((_, index) => which(index))
      .forEach(({ away }) => away.abort());
  }

  /** Every datacenter meters an hour, and some state of its tenant changes; who is away keeps that in its journal. */
  passHour(hour: number): void {
    for (const member of this.#members) {
      const { cluster, operator, generation } = member;
      operator.put(`usage/${TENANT}/${hour}`, {
        case: 'usageRecord',
        value: {
          tenant: TENANT,
          hour: { seconds: BigInt(hour) * 3_600n, nanos: 0 },
          minutes: 1n,
          meters: [{ meter: 'pods', unit: 'count-minutes', quantity: '1' }],
        },
      });
      member.assignedSeq = operator.put(`status/tenants/${TENANT}`, {
        case: 'tenantStatus',
        value: { tenant: TENANT, uid: cluster.id, generation, phase: 'Ready' },
      });
      operator.flush();
    }
  }

  /** Whether each of these has told everything, and has been told the last generation of its tenant. */
  isSettled(
    which: (index: number) => boolean,
    generations: ReadonlyMap<string, bigint>,
  ): boolean {
    return this.#members
      .filter((_, index) => which(index))
      .every(
        ({ isOpen, ackedSeq, assignedSeq, generation, cluster }) =>
          isOpen &&
          ackedSeq >= assignedSeq &&
          generation === (generations.get(cluster.id) ?? 0n),
      );
  }

  #hooks(clusterId: string): LightOperatorEvents {
    const change = (what: Partial<Member>) =>
      Object.assign(
        this.#members.find(({ cluster }) => cluster.id === clusterId)!,
        what,
      );
    return {
      opened: () => change({ isOpen: true }),
      closed: () => change({ isOpen: false }),
      applied: (_, { generation }, seq) =>
        change({ generation, assignedSeq: seq }),
      acknowledged: (_, ackedSeq) => change({ ackedSeq }),
    };
  }
}
