/**
 * The operator's events in the wire's words.
 *
 * An event is at most 64 KiB (S5). Messages come from whatever Kubernetes and admission webhooks say, so each is cut here; a cut text
 * ends in "… (cut)", and a cut list says so in a condition `Cut`.
 */
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
  OperatorEvent,
  OperatorEventBody,
  TenantStatus,
  UsageRecord,
} from '../types.ts';

type Body = MessageInitShape<typeof EventSchema>['body'];

const LONGEST_MESSAGE = 1_000;
const LONGEST_ITEM_MESSAGE = 200;
const MOST_ITEMS = 50;
const MOST_CONDITIONS = 10;
const CUT = '… (cut)';

/** The event without a sequence. */
export function toEventMessage(event: OperatorEvent): Event {
  return create(EventSchema, {
    key: event.key,
    observedAt: timestamp(event.observedAt),
    body: toBody(event.body),
  });
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
    message: cut(result.message),
  };
}

function toClusterStatus(status: ClusterStatus) {
  return {
    ...status,
    generation: BigInt(status.generation),
    components: status.components.map(component => ({
      ...component,
      message: cut(component.message),
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
  const listed = Math.max(status.components.length, status.steps.length);
  return {
    ...status,
    generation: BigInt(status.generation),
    health: healths[status.health],
    message: cut(status.message),
    components: status.components.slice(0, MOST_ITEMS).map(component => ({
      ...component,
      message: cut(component.message, LONGEST_ITEM_MESSAGE),
    })),
    steps: status.steps.slice(0, MOST_ITEMS).map(step => ({
      ...step,
      message: cut(step.message, LONGEST_ITEM_MESSAGE),
    })),
    conditions: [
      ...toConditions(status.conditions),
      ...(listed > MOST_ITEMS ? [cutCondition(listed)] : []),
    ],
  };
}

function cutCondition(listed: number) {
  return {
    type: 'Cut',
    status: 'True',
    reason: 'TooMany',
    message: `The first ${MOST_ITEMS} of ${listed} components and steps are listed.`,
  };
}

function toUsageRecord(record: UsageRecord) {
  return { ...record, hour: timestamp(record.hour) };
}

function toConditions(
  conditions: readonly Condition[],
): Array<MessageInitShape<typeof ConditionSchema>> {
  return conditions.slice(0, MOST_CONDITIONS).map(condition => ({
    type: condition.type,
    status: condition.status,
    reason: condition.reason,
    message: cut(condition.message),
    lastTransitionAt:
      condition.lastTransitionAt && timestamp(condition.lastTransitionAt),
  }));
}

function timestamp(time: DateTime) {
  return timestampFromMs(time.toMillis());
}

function cut(text: string | undefined, longest = LONGEST_MESSAGE): string {
  if (text === undefined || text.length <= longest) {
    return text ?? '';
  }
  return text.slice(0, longest - CUT.length) + CUT;
}
