import type { ConnectRequest, ConnectResponse } from '../src/index.ts';

/** A value that only a run knows: the first step that names it sets it, every other one has to have the same. */
export type Placeholder = {
  placeholder: 'uuid' | 'bytes';
  name: string;
};

/** A UUID in lower case. `cluster` and `installation` are set before the first step. */
export const uuid = (name: string): Placeholder => ({
  placeholder: 'uuid',
  name,
});

/** 32 bytes. */
export const bytes = (name: string): Placeholder => ({
  placeholder: 'bytes',
  name,
});

/**
 * The signature of the frame it lies in, made or checked with the operator's present key or its next one. The next key becomes the present
 * one with the first Hello that it signs.
 */
export type Signature = {
  signatureOf: 'hello' | 'newKey';
  by: 'the present key' | 'the next key';
};

/** The public half of the operator's next key. */
export type NextPublicKey = { publicKey: 'next' };

/** A number that is this high at least. */
export type AtLeast = { atLeast: bigint };

export const atLeast = (value: bigint): AtLeast => ({ atLeast: value });

/** A text that has these words in it. */
export type Saying = { saying: string };

export const saying = (words: string): Saying => ({ saying: words });

export type Wildcard =
  | Placeholder
  | Signature
  | NextPublicKey
  | AtLeast
  | Saying;

/** What is said about a value: fields that are left out may be anything; a list has as many entries as it names. */
export type Pattern<T> =
  | Wildcard
  | (T extends bigint | string | number | boolean | Uint8Array | undefined
      ? T
      : T extends ReadonlyArray<infer U>
      ? ReadonlyArray<Pattern<U>>
      : { [K in Exclude<keyof T, '$typeName' | '$unknown'>]?: Pattern<T[K]> });

type FramesOf<F extends { case?: string; value?: unknown }> = {
  [C in NonNullable<F['case']>]: Extract<F, { case: C }>['value'];
};

export type OperatorFrames = FramesOf<ConnectRequest['frame']>;
export type ManagerFrames = FramesOf<ConnectResponse['frame']>;

export function isWildcard(pattern: unknown): pattern is Wildcard {
  return (
    typeof pattern === 'object' &&
    pattern !== null &&
    // A NewKey frame has a field of the name as well.
    (('publicKey' in pattern && pattern.publicKey === 'next') ||
      ['placeholder', 'signatureOf', 'atLeast', 'saying'].some(
        word => word in pattern,
      ))
  );
}
