import { z } from 'zod';
import type { LinkDiagnostics } from '../schema/openapi/generated/models';

const text = z.string().max(2_000);
const count = z.number().int().nonnegative();
const time = z.iso.datetime().transform(iso => new Date(iso));

/** What an operator tells of itself: LinkDiagnostics of the API. What a newer operator adds is left out. */
const schema: z.ZodType<LinkDiagnostics> = z.object({
  takenAt: time,
  operatorVersion: text,
  kubernetesVersion: text,
  nodeVersion: text,
  uptimeSeconds: z.number().nonnegative(),
  rssBytes: count,
  leaseHolder: text.optional(),
  incarnation: text,
  ackedSeq: count,
  assignedSeq: count,
  highestEpoch: count,
  highestGeneration: count,
  journal: z.object({
    depth: count,
    oldestAt: time.optional(),
    bytes: count,
    budgetBytes: count,
  }),
  recentErrors: z
    .array(
      z.object({
        at: time,
        level: z.enum(['warn', 'error']),
        message: text,
        error: text.optional(),
      }),
    )
    .max(20),
});

/** `undefined` where the answer is no such thing: an operator is not trusted to send what it should. */
export function readDiagnostics(
  answer: Uint8Array,
): LinkDiagnostics | undefined {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(answer).toString('utf8'));
  } catch {
    return undefined;
  }
  return schema.safeParse(json).data;
}
