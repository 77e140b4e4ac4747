import { eachItem } from '@kubenova/plugin-kubenova-common';

/** Reads a list to its end. */
export async function readAll<T>(
  list: Parameters<typeof eachItem<T>>[0],
): Promise<T[]> {
  const items: T[] = [];
  for await (const item of eachItem(list)) {
    items.push(item);
  }
  return items;
}
