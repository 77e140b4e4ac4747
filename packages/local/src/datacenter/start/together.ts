/**
 * Runs several pieces of work at once and resolves when all are done. When one fails, the others are told by their signal and
 * waited for: nothing goes on in the background after a failure.
 */
export async function together(
  signal: AbortSignal,
  works: Array<(signal: AbortSignal) => Promise<void>>,
): Promise<void> {
  const failure = new AbortController();
  const either = AbortSignal.any([signal, failure.signal]);
  const results = await Promise.allSettled(
    works.map(work =>
      work(either).catch(error => {
        // The first reason is the cause; the others only followed.
        failure.abort(error);
        throw error;
      }),
    ),
  );
  if (results.some(({ status }) => status === 'rejected'))
    throw failure.signal.reason;
}
