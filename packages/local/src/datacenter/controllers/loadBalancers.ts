import {
  type CoreV1Api,
  PatchStrategy,
  setHeaderOptions,
  type V1Service,
} from '@kubernetes/client-node';
import { mustRun } from '../../processes/runCommand.ts';
import {
  assignAddresses,
  keyOf,
  type Pool,
  shownAddress,
  wantsAddress,
} from './addresses.ts';

/*
 * Services of type LoadBalancer get an address of the wire's subnet. The node answers for it on the wire, kube-proxy
 * does the rest. So the machine reaches it as it reaches the node, and a datacenter that is resumed with another
 * subnet hands out new addresses by the same rule.
 */

type InterfaceAddresses = Array<{ addr_info: Array<{ local: string }> }>;

export class LoadBalancers {
  readonly #api: CoreV1Api;
  readonly #pool: Pool;

  constructor(options: { api: CoreV1Api; pool: Pool }) {
    this.#api = options.api;
    this.#pool = options.pool;
  }

  /** Makes statuses and the node's addresses what they should be, given all Services. */
  async reconcile(services: V1Service[]): Promise<void> {
    const assignment = assignAddresses(services, this.#pool);
    await this.#answerFor(new Set(assignment.values()));
    for (const service of services) {
      const address = assignment.get(keyOf(service));
      if (!wantsAddress(service) || shownAddress(service) === address) continue;
      await this.#show(service, address);
    }
  }

  async #show(service: V1Service, address: string | undefined): Promise<void> {
    const ingress = address ? [{ ip: address, ipMode: 'VIP' }] : [];
    await this.#api.patchNamespacedServiceStatus(
      {
        name: service.metadata?.name ?? '',
        namespace: service.metadata?.namespace ?? '',
        body: { status: { loadBalancer: { ingress } } },
      },
      setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
    );
  }

  async #answerFor(wanted: Set<string>): Promise<void> {
    const { stdout } = await mustRun('ip', [
      '-json',
      'addr',
      'show',
      'dev',
      'eth0',
    ]);
    const [{ addr_info: present }] = JSON.parse(stdout) as InterfaceAddresses;
    const ours = new Set(
      present.map(({ local }) => local).filter(local => this.#inPool(local)),
    );
    for (const address of wanted.difference(ours))
      await mustRun('ip', ['addr', 'add', `${address}/32`, 'dev', 'eth0']);
    for (const address of ours.difference(wanted))
      await mustRun('ip', ['addr', 'del', `${address}/32`, 'dev', 'eth0']);
  }

  #inPool(address: string): boolean {
    const { prefix, first, last } = this.#pool;
    const octet = Number(address.slice(prefix.length + 1));
    return address.startsWith(`${prefix}.`) && octet >= first && octet <= last;
  }
}
