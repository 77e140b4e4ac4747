/**
 * Brings one Helm release to what is planned, step by step: each call looks at the Jobs as they are and does the next thing.
 *
 * 1. One Job a component at a time. A Job of another plan is let finish, then cleared.
 * 2. A release that a killed Helm left `pending-*` blocks every later one. It is rolled back; where there is nothing to roll back to, what
 *    there is of it is uninstalled (nothing of a first installation is in use yet).
 * 3. A failed installation is tried again after a minute; until then its Job stays, with Helm's last lines.
 */
import {
  INSTALLER_NAMESPACE,
  kinds,
  KubeApiError,
  objectKey,
} from '../../kube/index.ts';
import type { Informer, KubeClient, KubeObject } from '../../kube/index.ts';
import type { Clock } from '../../link/clock.ts';
import {
  HASH_ANNOTATION,
  installerJob,
  installerJobName,
} from './installerJob.ts';
import { jobOutcome, lastLines } from './jobOutcome.ts';
import type { JobOutcome } from './jobOutcome.ts';
import type { ReleaseAction, ReleasePlan } from './releasePlans.ts';

export type InstallStep =
  | { step: 'working'; message: string }
  | { step: 'installed' }
  | { step: 'failed'; message: string; retryInMs: number };

const RETRY_MS = 60_000;
const PENDING =
  /another operation \(install\/upgrade\/rollback\) is in progress/;

export class Installer {
  readonly #kube: KubeClient;
  readonly #jobs: Informer;
  readonly #image: string;
  readonly #clock: Clock;

  constructor(options: {
    kube: KubeClient;
    jobs: Informer;
    image: string;
    clock: Clock;
  }) {
    this.#kube = options.kube;
    this.#jobs = options.jobs;
    this.#image = options.image;
    this.#clock = options.clock;
  }

  async next(plan: ReleasePlan): Promise<InstallStep> {
    const install = this.#job(plan, 'install');
    if (!install) {
      return this.#start(plan, 'install');
    }
    const outcome = jobOutcome(install);
    if (outcome.state === 'running') {
      return {
        step: 'working',
        message: `Helm installs ${plan.component.title} ${plan.version}`,
      };
    }
    if (install.metadata.annotations?.[HASH_ANNOTATION] !== plan.hash) {
      await this.clear(plan);
      return this.#start(plan, 'install');
    }
    return outcome.state === 'succeeded'
      ? { step: 'installed' }
      : this.#afterFailure(plan, install, outcome);
  }

  async #afterFailure(
    plan: ReleasePlan,
    install: KubeObject,
    outcome: Extract<JobOutcome, { state: 'failed' }>,
  ): Promise<InstallStep> {
    const message = await lastLines(this.#kube, install, outcome.message);
    if (PENDING.test(message)) {
      return this.#recover(plan);
    }
    const age = this.#clock.now().diff(outcome.at).toMillis();
    if (age >= RETRY_MS) {
      await this.clear(plan);
      return this.#start(plan, 'install');
    }
    return { step: 'failed', message, retryInMs: RETRY_MS - age };
  }

  async #recover(plan: ReleasePlan): Promise<InstallStep> {
    const rollback = this.#job(plan, 'rollback');
    if (!rollback) {
      return this.#start(plan, 'rollback');
    }
    const rolledBack = jobOutcome(rollback);
    if (rolledBack.state === 'failed') {
      const uninstall = this.#job(plan, 'uninstall');
      if (!uninstall) {
        return this.#start(plan, 'uninstall');
      }
      if (jobOutcome(uninstall).state === 'running') {
        return this.#recovering(plan);
      }
    } else if (rolledBack.state === 'running') {
      return this.#recovering(plan);
    }
    await this.clear(plan);
    return this.#start(plan, 'install');
  }

  #recovering(plan: ReleasePlan): InstallStep {
    return {
      step: 'working',
      message: `An interrupted installation of ${plan.component.title} is being cleared away`,
    };
  }

  #job(plan: ReleasePlan, action: ReleaseAction): KubeObject | undefined {
    const name = installerJobName(plan.component.name, action);
    return this.#jobs.get(
      objectKey({ metadata: { namespace: INSTALLER_NAMESPACE, name } }),
    );
  }

  async #start(plan: ReleasePlan, action: ReleaseAction): Promise<InstallStep> {
    try {
      await this.#kube.create(
        installerJob({ plan, action, image: this.#image }),
      );
    } catch (error) {
      // The Job is there, and the informer has not heard of it yet, or it is being cleared.
      if (!KubeApiError.is(error, 409)) {
        throw error;
      }
    }
    return action === 'install'
      ? {
          step: 'working',
          message: `Helm installs ${plan.component.title} ${plan.version}`,
        }
      : this.#recovering(plan);
  }

  /** Forgets what was done, so that the next step begins anew. */
  async clear(plan: ReleasePlan): Promise<void> {
    for (const action of ['install', 'rollback', 'uninstall'] as const) {
      const job = this.#job(plan, action);
      if (job?.metadata.uid) {
        await this.#kube.delete(kinds.JOB, job.metadata, {
          uid: job.metadata.uid,
        });
      }
    }
  }
}
