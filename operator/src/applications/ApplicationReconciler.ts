/**
 * Brings one application to the revision that the Manager wants, as the tenant's owner: KubeVela then makes everything with that owner's rights, and
 * the admission policy refuses every other writer (T1). The operator's own identity never writes an Application.
 *
 * 1. A generation is applied once. What somebody edits in the cluster afterwards stays and is reported; only a new revision writes over it.
 * 2. An Application that is not there is made, however it went.
 * 3. An Application of ours that bore the name before is deleted first: nobody inherits it (D3).
 * 4. A tombstone is confirmed when the Application and KubeVela's ResourceTrackers of it are gone (D6).
 */
import { parse } from 'yaml';
import {
  APPLICATION_UID_LABEL,
  GENERATION_ANNOTATION,
  isFormer,
  kinds,
  KubeApiError,
  messageOf,
  ownerUser,
} from '../kube/index.ts';
import type { ApplyResults, KubeClient, Reconciled } from '../kube/index.ts';
import type { Components } from '../clusters/index.ts';
import type { DesiredState, DesiredStates } from '../link/types.ts';
import type { TenantStates } from '../tenants/index.ts';
import { parseApplicationKey, refOf } from './keys.ts';
import type { ApplicationName } from './keys.ts';
import { trackersOf } from './trackers.ts';
import type { Application } from './types.ts';

export type ApplicationReconcilerOptions = {
  kube: KubeClient;
  desired: DesiredStates;
  components: Components;
  tenants: TenantStates;
  results: ApplyResults;
};

const DELETION_POLL_MS = 1_000;

export class ApplicationReconciler {
  readonly #options: ApplicationReconcilerOptions;

  constructor(options: ApplicationReconcilerOptions) {
    this.#options = options;
  }

  async reconcile(key: string): Promise<Reconciled> {
    const wanted = this.#options.desired.get(key);
    const name = parseApplicationKey(key);
    if (!wanted || !name) {
      return { result: 'done' };
    }
    return wanted.yaml === undefined
      ? this.#remove(wanted, name)
      : this.#apply(wanted, wanted.yaml, name);
  }

  async #apply(
    wanted: DesiredState,
    yaml: string,
    name: ApplicationName,
  ): Promise<Reconciled> {
    const { kube, results } = this.#options;
    const waitingFor = this.#waitingFor(name.tenant);
    if (waitingFor) {
      results.tell(wanted, 'Waiting', waitingFor);
      return { result: 'waiting' };
    }
    const found = await kube.get<Application>(kinds.APPLICATION, refOf(name));
    if (found?.metadata.deletionTimestamp) {
      const gone = 'waiting for the Application of this name to be gone';
      results.tell(wanted, 'Waiting', gone);
      return { result: 'again', afterMs: DELETION_POLL_MS };
    }
    const uid = found?.metadata.labels?.[APPLICATION_UID_LABEL];
    if (found && isFormer(found, uid, wanted)) {
      return this.#removeFormer(found, wanted, name);
    }
    const applied = found?.metadata.annotations?.[GENERATION_ANNOTATION];
    if (applied === `${wanted.generation}`) {
      results.tell(wanted, 'Applied');
      return { result: 'done' };
    }
    return this.#write(wanted, yaml, name);
  }

  async #removeFormer(
    former: Application,
    wanted: DesiredState,
    name: ApplicationName,
  ): Promise<Reconciled> {
    const { kube, results } = this.#options;
    const { uid = '' } = former.metadata;
    await kube
      .asUser(ownerUser(name.tenant))
      .delete(kinds.APPLICATION, refOf(name), { uid });
    const gone = 'waiting for the former Application of this name to be gone';
    results.tell(wanted, 'Waiting', gone);
    return { result: 'again', afterMs: DELETION_POLL_MS };
  }

  async #write(
    wanted: DesiredState,
    yaml: string,
    name: ApplicationName,
  ): Promise<Reconciled> {
    const { kube, results } = this.#options;
    const owner = ownerUser(name.tenant);
    try {
      await kube
        .asUser(owner)
        .apply(asWritten(yaml, wanted.generation, owner), { force: true });
    } catch (error) {
      if (!KubeApiError.is(error)) {
        throw error;
      }
      results.tell(wanted, 'Failed', messageOf(error));
      return { result: 'retry' };
    }
    results.tell(wanted, 'Applied');
    return { result: 'done' };
  }

  #waitingFor(tenant: string): string | undefined {
    const { components, tenants } = this.#options;
    return components.waitingFor('kubevela') ?? tenants.waitingFor(tenant);
  }

  async #remove(
    wanted: DesiredState,
    name: ApplicationName,
  ): Promise<Reconciled> {
    const { kube, results, desired } = this.#options;
    const ref = refOf(name);
    const found = await kube.get(kinds.APPLICATION, ref);
    const uid = found?.metadata.uid;
    const ours = found?.metadata.labels?.[APPLICATION_UID_LABEL] === wanted.uid;
    if (found && uid && ours) {
      if (!found.metadata.deletionTimestamp) {
        await kube
          .asUser(ownerUser(name.tenant))
          .delete(kinds.APPLICATION, ref, { uid });
      }
      results.tell(wanted, 'Deleting', remainsOf(found));
      return { result: 'again', afterMs: DELETION_POLL_MS };
    }
    const trackers = found
      ? []
      : await trackersOf(kube, {
          namespace: ref.namespace,
          application: ref.name,
        });
    if (trackers.length > 0) {
      results.tell(wanted, 'Deleting', 'KubeVela still removes its resources');
      return { result: 'again', afterMs: DELETION_POLL_MS };
    }
    results.tell(wanted, 'Deleted');
    desired.confirmDeleted(wanted.key, wanted.generation);
    return { result: 'done' };
  }
}

/** The Application as the operator writes it: with its generation, and the identity that the admission policy asks for. */
function asWritten(
  yaml: string,
  generation: number,
  owner: string,
): Application {
  const application = parse(yaml) as Application;
  return {
    ...application,
    metadata: {
      ...application.metadata,
      annotations: {
        ...application.metadata.annotations,
        [GENERATION_ANNOTATION]: `${generation}`,
        'app.oam.dev/username': owner,
        'app.oam.dev/group': '',
      },
    },
  };
}

function remainsOf(application: Application): string {
  const { finalizers = [] } = application.metadata;
  return finalizers.length > 0
    ? `waiting for ${finalizers.join(', ')}`
    : 'waiting for the Application to be gone';
}
