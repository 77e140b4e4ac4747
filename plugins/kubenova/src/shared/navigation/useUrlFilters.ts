import { useSearchParams } from 'react-router-dom';

/**
 * Filters that live in the URL, so that a link shows what its sender saw.
 * An empty one is left out.
 */
export function useUrlFilters<Key extends string>(keys: readonly Key[]) {
  const [params, setParams] = useSearchParams();
  const values = Object.fromEntries(
    keys.map(key => [key, params.get(key) ?? '']),
  ) as Record<Key, string>;

  const change = (changes: Partial<Record<Key, string>>) =>
    setParams(
      before => {
        const after = new URLSearchParams(before);
        for (const key of keys) {
          const value = changes[key];
          if (value) {
            after.set(key, value);
          } else if (value === '') {
            after.delete(key);
          }
        }
        return after;
      },
      { replace: true },
    );

  const clear = () =>
    setParams(
      before => {
        const after = new URLSearchParams(before);
        keys.forEach(key => after.delete(key));
        return after;
      },
      { replace: true },
    );

  return { values, change, clear };
}
