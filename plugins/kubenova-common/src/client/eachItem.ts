/**
 * Every item of a list, page by page.
 *
 * @example
 * ```ts
 * for await (const cluster of eachItem(page => client.listClusters(page))) …
 * ```
 *
 * @public
 */
export async function* eachItem<T>(
  list: (page: {
    limit: number;
    cursor?: string;
  }) => Promise<{ items: T[]; nextCursor?: string }>,
): AsyncGenerator<T, void> {
  let cursor: string | undefined;
  do {
    const page = await list({ limit: 200, ...(cursor && { cursor }) });
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor);
}
