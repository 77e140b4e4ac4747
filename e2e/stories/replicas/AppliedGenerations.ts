import type { Datacenter } from '../../support/Datacenter.ts';

/** What a datacenter's API server held of one application at one moment. */
type Applied = { uid: string; specGeneration: number; generation: number };

const ANNOTATION = '{.metadata.annotations.kubenova\\.io/generation}';
const TEMPLATE = `{.metadata.name} {.metadata.uid} {.metadata.generation} ${ANNOTATION}{"\\n"}`;

/** Watches the applications of one namespace, and keeps every state in which an API server ever had them. */
export class AppliedGenerations {
  readonly #byName = new Map<string, Applied[]>();
  readonly #watch: { stop(): void };

  constructor(datacenter: Datacenter, namespace: string) {
    this.#watch = datacenter.watch({
      args: ['applications.core.oam.dev', '-n', namespace],
      template: TEMPLATE,
      onLine: line => this.#keep(line),
    });
  }

  stop(): void {
    this.#watch.stop();
  }

  /** The generations of KubeNova that were applied, in order. */
  of(name: string): number[] {
    const seen = this.#byName.get(name) ?? [];
    return seen
      .map(({ generation }) => generation)
      .filter((generation, index, all) => generation !== all[index - 1]);
  }

  /** Sentences about what must never happen: a second object, a step back, a generation whose spec was written twice. */
  faults(name: string): string[] {
    const seen = this.#byName.get(name) ?? [];
    const faults: string[] = [];
    seen.slice(1).forEach((after, index) => {
      const before = seen[index];
      const isOtherSpec = after.specGeneration !== before.specGeneration;
      if (after.uid !== before.uid) {
        faults.push(`${name} was made a second time`);
      } else if (after.generation < before.generation) {
        faults.push(`${name} went from ${before.generation} back`);
      } else if (after.generation === before.generation && isOtherSpec) {
        faults.push(`${name} was applied twice at ${after.generation}`);
      }
    });
    return faults;
  }

  #keep(line: string): void {
    const [name, uid, specGeneration, generation] = line.split(' ');
    const states = this.#byName.get(name) ?? [];
    states.push({
      uid,
      specGeneration: Number(specGeneration),
      generation: Number(generation),
    });
    this.#byName.set(name, states);
  }
}
