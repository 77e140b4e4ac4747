/** Waits until a condition holds; fails with what was seen last. */
export async function eventually<T>(
  read: () => Promise<T> | T,
  holds: (value: T) => boolean,
): Promise<T> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const value = await read();
    if (holds(value)) {
      return value;
    }
    if (Date.now() > deadline) {
      throw new Error(
        `It did not come to be; seen last: ${JSON.stringify(value, bigints)}`,
      );
    }
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}

function bigints(_key: string, value: unknown) {
  return typeof value === 'bigint' ? value.toString() : value;
}
