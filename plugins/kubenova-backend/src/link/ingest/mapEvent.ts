import { Timestamp } from '@bufbuild/protobuf/wkt';
import {
  ApplicationStatus,
  ApplyOutcome as ApplyOutcomeFrame,
  ApplyResult,
  ClusterStatus,
  Condition as ConditionFrame,
  Event,
  GapRecord,
  Health,
  LifecycleRecord,
  TenantStatus,
  UsageRecord,
} from '@kubenova/proto';
import { DateTime } from 'luxon';
import {
  ApplicationStatusEvent,
  ApplyOutcome,
  ClusterStatusEvent,
  Condition,
  GapRecordEvent,
  LifecycleRecordEvent,
  LinkEvent,
  TenantStatusEvent,
  UsageRecordEvent,
} from '../types';
import {
  checked,
  COMPONENT_NAMES,
  COMPONENT_PHASES,
  CLUSTER_PHASES,
  CONDITION_STATUSES,
  METERS,
  TENANT_PHASES,
  UnreadableEventError,
  UNITS,
} from './eventWords';

/**
 * An event in the domains' words. A snapshot's mark has none.
 *
 * @throws UnreadableEventError
 */
export function mapEvent(event: Event, incarnation: string): LinkEvent {
  const observedAt = required(toDateTime(event.observedAt), 'observed_at');
  switch (event.body.case) {
    case 'applyResult':
      return mapApplyResult(event.body.value, observedAt);
    case 'clusterStatus':
      return mapClusterStatus(event.body.value, observedAt);
    case 'tenantStatus':
      return mapTenantStatus(event.body.value, observedAt);
    case 'applicationStatus':
      return mapApplicationStatus(event.body.value, observedAt);
    case 'usageRecord':
      return mapUsageRecord(event.body.value, observedAt, incarnation);
    case 'lifecycleRecord':
      return mapLifecycleRecord(event.body.value, observedAt);
    case 'gapRecord':
      return mapGapRecord(event.body.value, observedAt);
    case 'snapshotMark':
    case undefined:
      throw new UnreadableEventError(
        'The event has no body, or one of a later protocol version',
      );
    default:
      return unreachable(event.body);
  }
}

function mapLifecycleRecord(
  record: LifecycleRecord,
  observedAt: DateTime,
): LifecycleRecordEvent {
  return {
    type: 'lifecycleRecord',
    observedAt,
    id: required(record.id || undefined, 'id'),
    key: record.key,
    uid: record.uid,
    generation: toNumber(record.generation, 'generation'),
    step: record.step,
    message: record.message,
  };
}

function mapGapRecord(gap: GapRecord, observedAt: DateTime): GapRecordEvent {
  return {
    type: 'gapRecord',
    observedAt,
    dropped: toNumber(gap.dropped, 'dropped'),
    since: toDateTime(gap.since),
    until: toDateTime(gap.until),
    kind: gap.kind,
  };
}

function mapApplyResult(result: ApplyResult, observedAt: DateTime): LinkEvent {
  return {
    type: 'applyResult',
    observedAt,
    key: result.key,
    uid: result.uid,
    generation: toNumber(result.generation, 'generation'),
    outcome: toOutcome(result.outcome),
    message: result.message,
  };
}

function toOutcome(outcome: ApplyOutcomeFrame): ApplyOutcome {
  switch (outcome) {
    case ApplyOutcomeFrame.APPLIED:
      return 'Applied';
    case ApplyOutcomeFrame.WAITING:
      return 'Waiting';
    case ApplyOutcomeFrame.FAILED:
      return 'Failed';
    case ApplyOutcomeFrame.REFUSED:
      return 'Refused';
    case ApplyOutcomeFrame.DELETING:
      return 'Deleting';
    case ApplyOutcomeFrame.DELETED:
      return 'Deleted';
    default:
      throw new UnreadableEventError(`The outcome ${outcome} is not known`);
  }
}

function mapClusterStatus(
  status: ClusterStatus,
  observedAt: DateTime,
): ClusterStatusEvent {
  return {
    type: 'clusterStatus',
    observedAt,
    generation: toNumber(status.generation, 'generation'),
    phase: checked(status.phase, CLUSTER_PHASES, 'phase'),
    components: status.components.map(component => ({
      name: checked(component.name, COMPONENT_NAMES, 'component'),
      phase: checked(component.phase, COMPONENT_PHASES, 'phase'),
      version: component.version || undefined,
      message: component.message || undefined,
      changedAt: toDateTime(component.changedAt),
    })),
    conditions: status.conditions.map(mapCondition),
    kubernetesVersion: status.kubernetesVersion || undefined,
    operatorVersion: status.operatorVersion || undefined,
    capacity: status.capacity && {
      nodes: status.capacity.nodes,
      readyNodes: status.capacity.readyNodes,
      cpu: status.capacity.cpu,
      memory: status.capacity.memory,
    },
  };
}

function mapTenantStatus(
  status: TenantStatus,
  observedAt: DateTime,
): TenantStatusEvent {
  return {
    type: 'tenantStatus',
    observedAt,
    tenant: status.tenant,
    uid: status.uid,
    generation: toNumber(status.generation, 'generation'),
    phase: checked(status.phase, TENANT_PHASES, 'phase'),
    namespaces: status.namespaces,
    conditions: status.conditions.map(mapCondition),
  };
}

function mapApplicationStatus(
  status: ApplicationStatus,
  observedAt: DateTime,
): ApplicationStatusEvent {
  return {
    type: 'applicationStatus',
    observedAt,
    tenant: status.tenant,
    application: status.application,
    uid: status.uid,
    generation: toNumber(status.generation, 'generation'),
    // What is gone has no health; unknown is never shown as healthy.
    health: status.gone ? 'Unknown' : toHealth(status.health),
    phase: status.phase,
    message: status.message,
    components: status.components.map(component => ({
      name: component.name,
      type: component.type || undefined,
      healthy: component.healthy,
      message: component.message || undefined,
    })),
    steps: status.steps.map(step => ({
      name: step.name,
      phase: step.phase,
      message: step.message || undefined,
    })),
    conditions: status.conditions.map(mapCondition),
    gone: status.gone,
  };
}

function toHealth(health: Health): ApplicationStatusEvent['health'] {
  switch (health) {
    case Health.PROGRESSING:
      return 'Progressing';
    case Health.HEALTHY:
      return 'Healthy';
    case Health.DEGRADED:
      return 'Degraded';
    case Health.UNKNOWN:
      return 'Unknown';
    default:
      throw new UnreadableEventError(`The health ${health} is not known`);
  }
}

function mapUsageRecord(
  record: UsageRecord,
  observedAt: DateTime,
  incarnation: string,
): UsageRecordEvent {
  const hour = required(toDateTime(record.hour), 'hour');
  if (!hour.equals(hour.startOf('hour'))) {
    throw new UnreadableEventError(`${hour.toISO()} is not a full hour`);
  }
  if (record.minutes >= 2n ** 60n) {
    throw new UnreadableEventError('An hour has 60 minutes');
  }
  return {
    type: 'usageRecord',
    observedAt,
    tenant: record.tenant,
    hour,
    incarnation,
    minutes: record.minutes,
    meters: record.meters.map(({ meter, unit, quantity }) => {
      if (!/^\d+(\.\d+)?$/.test(quantity)) {
        throw new UnreadableEventError(`'${quantity}' is not a quantity`);
      }
      return {
        meter: checked(meter, METERS, 'meter'),
        unit: checked(unit, UNITS, 'unit'),
        quantity,
      };
    }),
  };
}

function mapCondition(condition: ConditionFrame): Condition {
  return {
    type: condition.type,
    status: checked(condition.status, CONDITION_STATUSES, 'condition status'),
    reason: condition.reason || undefined,
    message: condition.message || undefined,
    lastTransitionAt: toDateTime(condition.lastTransitionAt),
  };
}

/** @throws UnreadableEventError where it is no time that can be kept. */
export function toDateTime(
  timestamp: Timestamp | undefined,
): DateTime | undefined {
  if (!timestamp) {
    return undefined;
  }
  const time = DateTime.fromMillis(
    Number(timestamp.seconds) * 1_000 + Math.floor(timestamp.nanos / 1_000_000),
    { zone: 'utc' },
  );
  if (!time.isValid) {
    throw new UnreadableEventError(
      `${timestamp.seconds} seconds is not a time that can be kept`,
    );
  }
  return time;
}

function toNumber(value: bigint, field: string): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new UnreadableEventError(`${field} is too large: ${value}`);
  }
  return Number(value);
}

function required<T>(value: T | undefined, field: string): T {
  if (value === undefined) {
    throw new UnreadableEventError(`${field} is missing`);
  }
  return value;
}

function unreachable(body: never): never {
  throw new UnreadableEventError(`Unknown body ${JSON.stringify(body)}`);
}
