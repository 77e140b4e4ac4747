/** Which states are steps in the life of an object, in the words of link.proto's LifecycleRecord. */
import type { LifecycleStep, OperatorEventBody } from '../types.ts';

/** The step that a state tells, or nothing where it tells none: waiting, unknown health, and objects that the Manager did not make. */
export function toLifecycleStep(
  body: OperatorEventBody,
): Omit<LifecycleStep, 'id'> | undefined {
  switch (body.case) {
    case 'applyResult': {
      const { key, uid, generation, outcome, message } = body.value;
      return outcome === 'Waiting'
        ? undefined
        : { key, uid, generation, step: outcome, message };
    }
    case 'applicationStatus': {
      const { tenant, application, uid, generation, health, message, gone } =
        body.value;
      const key = `applications/${tenant}/${application}`;
      return gone || health === 'Unknown' || !uid
        ? undefined
        : { key, uid, generation, step: health, message };
    }
    case 'tenantStatus': {
      const { tenant, uid, generation, phase, conditions } = body.value;
      const message = readyMessage(conditions);
      return {
        key: `tenants/${tenant}`,
        uid,
        generation,
        step: phase,
        message,
      };
    }
    case 'clusterStatus': {
      const { generation, phase, conditions } = body.value;
      const message = readyMessage(conditions);
      // The configuration is one object for ever; before it there is nothing to tell of.
      return generation === 0
        ? undefined
        : { key: 'cluster/config', uid: '', generation, step: phase, message };
    }
    case 'usageRecord':
    case 'lifecycleRecord':
      return undefined;
    default:
      throw new Error(`unknown event ${JSON.stringify(body satisfies never)}`);
  }
}

function readyMessage(
  conditions: ReadonlyArray<{ type: string; message?: string }>,
): string {
  return conditions.find(({ type }) => type === 'Ready')?.message ?? '';
}
