import { shownHealth, worstHealth } from './health';
import type { Deployment } from './types';

const deployment = (told: Partial<Deployment>) =>
  ({ health: 'Healthy', statusGeneration: 2, ...told } as Deployment);

describe('shownHealth', () => {
  it('shows what was told of the wanted generation', () => {
    expect(
      shownHealth(
        deployment({ health: 'Degraded', healthMessage: 'No image.' }),
        2,
      ),
    ).toEqual({ health: 'Degraded', message: 'No image.' });
  });

  it('does not take the health of an older generation for that of the wanted one', () => {
    expect(shownHealth(deployment({}), 3)).toEqual({ health: 'Progressing' });
  });

  it('knows nothing before anything was told', () => {
    expect(shownHealth(deployment({ statusGeneration: 0 }), 1)).toEqual({
      health: 'Unknown',
    });
  });
});

describe('worstHealth', () => {
  it('is the worst of several, and unknown of none', () => {
    expect(worstHealth(['Healthy', 'Progressing'])).toBe('Progressing');
    expect(worstHealth(['Healthy', 'Unknown'])).toBe('Unknown');
    expect(worstHealth(['Unknown', 'Degraded'])).toBe('Degraded');
    expect(worstHealth([])).toBe('Unknown');
  });
});
