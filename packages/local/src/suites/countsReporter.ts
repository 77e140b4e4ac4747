import type { TestEvent } from 'node:test/reporters';
import type { Counts } from './types.ts';

/** A reporter of Node's test runner that writes nothing but the numbers, as JSON. */
export default async function* countsReporter(
  source: AsyncIterable<TestEvent>,
): AsyncGenerator<string> {
  for await (const event of source) {
    // Each file has a summary too; the one of the whole run names no file.
    if (event.type === 'test:summary' && event.data.file === undefined) {
      const { tests, passed } = event.data.counts;
      const counts: Counts = { passed, failed: tests - passed };
      yield JSON.stringify(counts);
    }
  }
}
