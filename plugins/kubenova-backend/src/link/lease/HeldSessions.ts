import { OpenLink } from '../session/SessionState';
import { HeldSession } from '../session/types';

/** The links that this replica holds, one session a cluster. */
export class HeldSessions {
  readonly #byCluster = new Map<
    string,
    { link: OpenLink; session: HeldSession }
  >();

  /** Adds a session and ends an older one of the same cluster: no need to wait until the database says so. */
  add(link: OpenLink, session: HeldSession): void {
    const present = this.#byCluster.get(link.clusterId);
    if (present && present.link.epoch > link.epoch) {
      session.fence('fenced', 'A newer session of this cluster is open');
      return;
    }
    this.#byCluster.set(link.clusterId, { link, session });
    present?.session.fence('fenced', 'A newer session of this cluster is open');
  }

  delete(link: OpenLink): void {
    if (this.#byCluster.get(link.clusterId)?.link.epoch === link.epoch) {
      this.#byCluster.delete(link.clusterId);
    }
  }

  get(clusterId: string): HeldSession | undefined {
    return this.#byCluster.get(clusterId)?.session;
  }

  all(): Array<{ link: OpenLink; session: HeldSession }> {
    return [...this.#byCluster.values()];
  }

  clusterIds(): string[] {
    return [...this.#byCluster.keys()];
  }
}
