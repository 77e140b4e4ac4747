import type { ComponentStatus } from '../link/types.ts';
import { COMPONENTS } from './components/definitions.ts';
import type { ComponentName, Components } from './types.ts';

type State = Pick<ComponentStatus, 'name' | 'phase'>;

/** What is known of the components now: read by the rooms that build on them. */
export class ComponentStates implements Components {
  readonly #phases = new Map<ComponentName, ComponentStatus['phase']>();
  readonly #listeners = new Set<() => void>();

  waitingFor(...names: ComponentName[]): string | undefined {
    const missing = names.find(name => this.#phases.get(name) !== 'Ready');
    if (!missing) {
      return undefined;
    }
    const { title = missing } =
      COMPONENTS.find(({ name }) => name === missing) ?? {};
    return this.#phases.get(missing) === 'Disabled'
      ? `waiting for ${title}, which the configuration of this cluster does not install`
      : `waiting for ${title} in this cluster`;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  update(states: readonly State[]): void {
    const changed = states.filter(
      ({ name, phase }) => this.#phases.get(name) !== phase,
    );
    changed.forEach(({ name, phase }) => this.#phases.set(name, phase));
    if (changed.length > 0) {
      this.#listeners.forEach(listener => listener());
    }
  }
}
