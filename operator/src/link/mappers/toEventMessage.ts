/** The operator's events in the wire's words. */
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  ApplyOutcome,
  ConditionSchema,
  EventSchema,
  Health,
  type Event,
} from '@kubenova/proto';
import type { DateTime } from 'luxon';
import type {
  ApplicationStatus,
  ApplyResult,
  ClusterStatus,
  Condition,
  LifecycleStep,
  OperatorEvent,
  OperatorEventBody,
  TenantStatus,
  UsageRecord,
} from '../types.ts';
import { fitEvent } from './fitEvent.ts';

type Body = MessageInitShape<typeof EventSchema>['body'];

/** The event without a sequence, at most 64 KiB with one (S5). */
export function toEventMessage(event: OperatorEvent): Event {
  return fitEvent(
    create(EventSchema, {
      key: event.key,
      observedAt: timestamp(event.observedAt),
      body: toBody(event.body),
    }),
  );
}

/** A snapshot's first or last event (E7). */
export function toMarkMessage(mark: {
  id: string;
  end: boolean;
  observedAt: DateTime;
}): Event {
  return create(EventSchema, {
    key: `snapshot/${mark.id}`,
    observedAt: timestamp(mark.observedAt),
    body: { case: 'snapshotMark', value: { id: mark.id, end: mark.end } },
  });
}

function toBody(body: OperatorEventBody): Body {
  switch (body.case) {
    case 'applyResult':
      return { case: body.case, value: toApplyResult(body.value) };
    case 'clusterStatus':
      return { case: body.case, value: toClusterStatus(body.value) };
    case 'tenantStatus':
      return { case: body.case, value: toTenantStatus(body.value) };
    case 'applicationStatus':
      return { case: body.case, value: toApplicationStatus(body.value) };
    case 'usageRecord':
      return { case: body.case, value: toUsageRecord(body.value) };
    case 'lifecycleRecord':
      return { case: body.case, value: toLifecycleRecord(body.value) };
    default:
      throw new Error(`unknown event ${JSON.stringify(body satisfies never)}`);
  }
}

const outcomes = {
  Applied: ApplyOutcome.APPLIED,
  Waiting: ApplyOutcome.WAITING,
  Failed: ApplyOutcome.FAILED,
  Refused: ApplyOutcome.REFUSED,
  Deleting: ApplyOutcome.DELETING,
  Deleted: ApplyOutcome.DELETED,
} as const;

const healths = {
  Progressing: Health.PROGRESSING,
  Healthy: Health.HEALTHY,
  Degraded: Health.DEGRADED,
  Unknown: Health.UNKNOWN,
} as const;

function toApplyResult(result: ApplyResult) {
  return {
    ...result,
    generation: BigInt(result.generation),
    outcome: outcomes[result.outcome],
  };
}

function toClusterStatus(status: ClusterStatus) {
  return {
    ...status,
    generation: BigInt(status.generation),
    components: status.components.map(component => ({
      ...component,
      changedAt: component.changedAt && timestamp(component.changedAt),
    })),
    conditions: toConditions(status.conditions),
  };
}

function toTenantStatus(status: TenantStatus) {
  return {
    ...status,
    generation: BigInt(status.generation),
    conditions: toConditions(status.conditions),
  };
}

function toApplicationStatus(status: ApplicationStatus) {
  return {
    ...status,
    generation: BigInt(status.generation),
    health: healths[status.health],
    conditions: toConditions(status.conditions),
  };
}

function toLifecycleRecord(step: LifecycleStep) {
  return { ...step, generation: BigInt(step.generation) };
}

function toUsageRecord(record: UsageRecord) {
  return { ...record, hour: timestamp(record.hour) };
}

function toConditions(
  conditions: readonly Condition[],
): Array<MessageInitShape<typeof ConditionSchema>> {
  return conditions.map(({ lastTransitionAt, ...condition }) => ({
    ...condition,
    lastTransitionAt: lastTransitionAt && timestamp(lastTransitionAt),
  }));
}

function timestamp(time: DateTime) {
  return timestampFromMs(time.toMillis());
}
