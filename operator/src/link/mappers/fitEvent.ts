/**
 * Makes an event at most 64 KiB (S5). Texts come from whatever Kubernetes and admission webhooks say, lists from what people deploy.
 *
 * Stage by stage more is cut, until the event fits: messages, then steps, conditions and components, at last every other word. Keys,
 * names of tenants and applications, uids and generations stay whole. An event of which anything was cut says so (`truncated`), and
 * a cut text ends in "… (cut)".
 */
import { toBinary } from '@bufbuild/protobuf';
import {
  EventSchema,
  type ApplicationStatus,
  type ClusterStatus,
  type Condition,
  type Event,
  type TenantStatus,
} from '@kubenova/proto';

const MOST_BYTES = 64 * 1024;
/** The sequence is added later: a tag, and a varint of at most ten bytes. */
const SEQ_BYTES = 11;
const CUT = '… (cut)';

type Limits = {
  /** Of a message, encoded. */
  messageBytes: number;
  steps: number;
  conditions: number;
  components: number;
  namespaces: number;
  /** Of any other text but keys and uids, encoded. */
  wordBytes: number;
};

const UNLIMITED: Limits = {
  messageBytes: 4_096,
  steps: Infinity,
  conditions: Infinity,
  components: Infinity,
  namespaces: Infinity,
  wordBytes: Infinity,
};

const STAGES: readonly Limits[] = [
  UNLIMITED,
  { ...UNLIMITED, messageBytes: 1_024 },
  { ...UNLIMITED, messageBytes: 256 },
  { ...UNLIMITED, messageBytes: 256, steps: 50 },
  { ...UNLIMITED, messageBytes: 256, steps: 50, conditions: 10 },
  {
    ...UNLIMITED,
    messageBytes: 256,
    steps: 50,
    conditions: 10,
    components: 50,
  },
  {
    messageBytes: 128,
    steps: 20,
    conditions: 10,
    components: 20,
    namespaces: 400,
    wordBytes: 128,
  },
];

class Cutter {
  readonly #limits: Limits;
  hasCut = false;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  cutBody(body: Event['body']): void {
    switch (body.case) {
      case 'applyResult':
      case 'lifecycleRecord':
        body.value.message = this.#message(body.value.message);
        break;
      case 'clusterStatus':
        this.#cutCluster(body.value);
        break;
      case 'tenantStatus':
        this.#cutTenant(body.value);
        break;
      case 'applicationStatus':
        this.#cutApplication(body.value);
        break;
      // What these hold is bounded by what they are.
      case 'usageRecord':
      case 'snapshotMark':
      case 'gapRecord':
      case undefined:
        break;
      default:
        throw new Error(`unknown event ${body satisfies never}`);
    }
  }

  #cutCluster(status: ClusterStatus): void {
    status.conditions = this.#conditions(status.conditions);
    status.components = this.#list(status.components, 'components');
    for (const component of status.components) {
      component.message = this.#message(component.message);
      component.version = this.#word(component.version);
    }
    status.kubernetesVersion = this.#word(status.kubernetesVersion);
  }

  #cutTenant(status: TenantStatus): void {
    status.conditions = this.#conditions(status.conditions);
    status.namespaces = this.#list(status.namespaces, 'namespaces');
  }

  #cutApplication(status: ApplicationStatus): void {
    status.message = this.#message(status.message);
    status.phase = this.#word(status.phase);
    status.steps = this.#list(status.steps, 'steps');
    for (const step of status.steps) {
      step.message = this.#message(step.message);
      step.name = this.#word(step.name);
      step.phase = this.#word(step.phase);
    }
    status.conditions = this.#conditions(status.conditions);
    status.components = this.#list(status.components, 'components');
    for (const component of status.components) {
      component.message = this.#message(component.message);
      component.name = this.#word(component.name);
      component.type = this.#word(component.type);
    }
  }

  #conditions(conditions: Condition[]): Condition[] {
    const kept = this.#list(conditions, 'conditions');
    for (const condition of kept) {
      condition.message = this.#message(condition.message);
      condition.type = this.#word(condition.type);
      condition.status = this.#word(condition.status);
      condition.reason = this.#word(condition.reason);
    }
    return kept;
  }

  #list<T>(
    items: T[],
    kind: 'steps' | 'conditions' | 'components' | 'namespaces',
  ): T[] {
    const most = this.#limits[kind];
    if (items.length <= most) {
      return items;
    }
    this.hasCut = true;
    return items.slice(0, most);
  }

  #message(text: string): string {
    return this.#text(text, this.#limits.messageBytes);
  }

  #word(text: string): string {
    return this.#text(text, this.#limits.wordBytes);
  }

  #text(text: string, mostBytes: number): string {
    // A character has at most three bytes for each of its UTF-16 units.
    if (text.length * 3 <= mostBytes || Buffer.byteLength(text) <= mostBytes) {
      return text;
    }
    this.hasCut = true;
    const whole = text.endsWith(CUT) ? text.slice(0, -CUT.length) : text;
    const room = mostBytes - Buffer.byteLength(CUT);
    // A character that is cut in two decodes as U+FFFD.
    const kept = Buffer.from(whole).subarray(0, room).toString();
    return kept.replace(/\uFFFD+$/, '') + CUT;
  }
}

/** The event, cut as far as it has to be. Changes what it is given. */
export function fitEvent(event: Event): Event {
  for (const limits of STAGES) {
    const cutter = new Cutter(limits);
    cutter.cutBody(event.body);
    event.truncated ||= cutter.hasCut;
    if (toBinary(EventSchema, event).byteLength + SEQ_BYTES <= MOST_BYTES) {
      break;
    }
  }
  return event;
}
