/**
 * How an application works, from everything that can be seen of it. A pure function: what KubeVela says, what its pods say, and the time.
 *
 * KubeVela alone is not enough: refused objects show only in a workflow step's message while all conditions stay True, a missing image
 * ends as "incomplete value string", want of quota stays `runningWorkflow` for good, and crash loops hide behind `running`.
 */
import type { DateTime } from 'luxon';
import type { ApplicationStatus } from '../../link/types.ts';
import type { Application, ApplicationPod, WorkflowStep } from '../types.ts';
import { podTrouble } from './podTrouble.ts';

export type Health = Pick<ApplicationStatus, 'health' | 'message'> & {
  /** When the answer changes by time alone, in milliseconds from now. */
  recheckInMs?: number;
};

/** How long an application may be on its way before that counts as a failure. */
export const PROGRESS_DEADLINE_MS = 5 * 60_000;

export function assessHealth(options: {
  application: Application;
  pods: readonly ApplicationPod[];
  /** When the application was last seen to get anywhere. */
  progressedAt: DateTime;
  now: DateTime;
}): Health {
  const { application, pods } = options;
  const { metadata, status = {} } = application;
  if (metadata.deletionTimestamp) {
    return { health: 'Progressing', message: 'It is being deleted' };
  }
  // E3: what is said about an older spec does not count.
  if ((status.observedGeneration ?? 0) !== metadata.generation) {
    return onItsWay(options, 'KubeVela has not seen this revision yet');
  }
  const failure = failureOf(application) ?? pods.map(podTrouble).find(Boolean);
  if (failure) {
    return { health: 'Degraded', message: failure };
  }
  if (status.status === 'running') {
    const unhealthy = unhealthyServices(application);
    return unhealthy
      ? onItsWay(options, unhealthy)
      : { health: 'Healthy', message: '' };
  }
  if (status.status === 'workflowSuspending') {
    return { health: 'Progressing', message: 'Its workflow is suspended' };
  }
  return onItsWay(options, whatItWaitsFor(application));
}

const FAILED_PHASES = ['workflowFailed', 'workflowTerminated', 'unhealthy'];

function failureOf(application: Application): string | undefined {
  const { status: phase = '', conditions = [] } = application.status ?? {};
  const step = stepsOf(application).find(({ phase: own }) => own === 'failed');
  if (FAILED_PHASES.includes(phase)) {
    return (
      step?.message ??
      unhealthyServices(application) ??
      `KubeVela says ${phase}`
    );
  }
  // While it runs, a condition may be False for a moment, for example while KubeVela clears old objects away.
  return phase === 'running'
    ? undefined
    : conditions.find(({ status, message }) => status === 'False' && message)
        ?.message;
}

/** All steps, those within groups too. */
export function stepsOf(application: Application): WorkflowStep[] {
  return (application.status?.workflow?.steps ?? []).flatMap(step => [
    step,
    ...(step.subSteps ?? []),
  ]);
}

function unhealthyServices(application: Application): string | undefined {
  const unhealthy = (application.status?.services ?? []).filter(
    ({ healthy }) => healthy === false,
  );
  return unhealthy.length > 0
    ? unhealthy
        .map(({ name, message }) => `${name}: ${message || 'not healthy'}`)
        .join('; ')
    : undefined;
}

function whatItWaitsFor(application: Application): string {
  const waiting = stepsOf(application).find(
    ({ phase, message }) => phase !== 'succeeded' && message,
  );
  return (
    unhealthyServices(application) ??
    waiting?.message ??
    (application.status?.status
      ? `KubeVela says ${application.status.status}`
      : 'KubeVela has not seen it yet')
  );
}

/** Progressing until the deadline, Degraded after it. */
function onItsWay(
  options: { progressedAt: DateTime; now: DateTime },
  message: string,
): Health {
  const left =
    PROGRESS_DEADLINE_MS - options.now.diff(options.progressedAt).toMillis();
  return left > 0
    ? { health: 'Progressing', message, recheckInMs: left }
    : {
        health: 'Degraded',
        message: `No progress for ${
          PROGRESS_DEADLINE_MS / 60_000
        } minutes: ${message}`,
      };
}
