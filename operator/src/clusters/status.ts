import { DateTime } from 'luxon';
import { conditionsAfter, isoSeconds } from '../kube/index.ts';
import type { NewCondition } from '../kube/index.ts';
import type {
  ClusterStatus,
  ComponentStatus,
  Condition,
} from '../link/types.ts';
import type { ReconciledComponent } from './components/ComponentReconciler.ts';
import type { NovaClusterConfig } from './types.ts';

type Phase = ClusterStatus['phase'];
type ComponentState = ReconciledComponent['status'];

/** The RFC's phase: the worst of the components'. */
export function phaseOf(components: readonly ComponentState[]): Phase {
  const has = (phase: ComponentState['phase']) =>
    components.some(component => component.phase === phase);
  if (has('Error')) {
    return 'Error';
  }
  return has('Installing') || has('Pending') ? 'Installing' : 'Ready';
}

/** The status to write into the NovaClusterConfig. */
export function nextStatus(options: {
  config: NovaClusterConfig;
  components: readonly ComponentState[];
  overridden: string;
  /** Of other rooms. */
  conditions: readonly Condition[];
  now: DateTime;
}): NonNullable<NovaClusterConfig['status']> {
  const { config, now } = options;
  const phase = phaseOf(options.components);
  const observedGeneration = config.metadata.generation ?? 0;
  return {
    observedGeneration,
    phase,
    components: options.components.map(component => {
      const known = config.status?.components?.find(
        ({ name }) => name === component.name,
      );
      const changedAt =
        known?.phase === component.phase ? known.changedAt : isoSeconds(now);
      return withoutUndefined({ ...component, changedAt });
    }),
    conditions: conditionsAfter({
      previous: config.status?.conditions ?? [],
      next: [
        ...conditionsOf(phase, options.components, options.overridden),
        ...options.conditions.map(toObject),
      ],
      observedGeneration,
      now,
    }),
  };
}

function conditionsOf(
  phase: Phase,
  components: readonly ComponentState[],
  overridden: string,
): NewCondition[] {
  const unready = components
    .filter(({ phase: own }) => own !== 'Ready' && own !== 'Disabled')
    .map(({ name, phase: own, message }) =>
      message ? `${name}: ${message}` : `${name} is ${own}`,
    );
  return [
    {
      type: 'Ready',
      status: phase === 'Ready' ? 'True' : 'False',
      reason: phase,
      message: unready.join('; '),
    },
    {
      type: 'Overridden',
      status: overridden ? 'True' : 'False',
      reason: overridden ? 'FieldsOfOtherManagers' : 'AsWanted',
      message: overridden,
    },
  ];
}

function toObject(condition: Condition): NewCondition {
  const { type, status, reason = status, message = '' } = condition;
  return { type, status, reason, message };
}

/** For the way up. */
export function toLinkComponents(
  components: NonNullable<NovaClusterConfig['status']>['components'],
): ComponentStatus[] {
  return (components ?? []).map(({ changedAt, ...component }) => ({
    ...component,
    ...(changedAt && {
      changedAt: DateTime.fromISO(changedAt, { zone: 'utc' }),
    }),
  }));
}

function withoutUndefined<T extends object>(object: T): T {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== undefined),
  ) as T;
}
