import {
  isWildcard,
  type Placeholder,
  type Signature,
  type Wildcard,
} from './patterns.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What a signature is of: the frame that it lies in, the nonce of its stream, and the cluster. */
export type Signed = Signature & {
  frame: Record<string, unknown>;
  nonce: Uint8Array;
  clusterId: string;
};

/** What a run makes and checks signatures with. */
export type Signer = {
  sign(signed: Signed): Uint8Array;
  /** @throws Error where it is not good. */
  verify(signed: Signed, signature: unknown): void;
  /** The public half of the next key, raw. */
  nextPublicKey(): Uint8Array;
};

/** The values that a run has given to its placeholders. */
export class Bindings {
  readonly #values = new Map<string, unknown>();
  readonly #signer: Signer;
  readonly #random: { uuid(): string; bytes(): Uint8Array };

  constructor(options: {
    cluster: string;
    installation: string;
    signer: Signer;
    random: { uuid(): string; bytes(): Uint8Array };
  }) {
    this.#signer = options.signer;
    this.#random = options.random;
    this.#values.set('cluster', options.cluster);
    this.#values.set('installation', options.installation);
  }

  /** The placeholder's value, which is made up where it has none yet. */
  valueOf({ name, placeholder }: Placeholder): unknown {
    if (!this.#values.has(name)) {
      this.#values.set(
        name,
        placeholder === 'uuid' ? this.#random.uuid() : this.#random.bytes(),
      );
    }
    return this.#values.get(name);
  }

  /** Forgets a value: the next step that names it sets it anew. */
  forget(name: string): void {
    this.#values.delete(name);
  }

  uuidOf(placeholder: Placeholder): string {
    return String(this.valueOf(placeholder));
  }

  /** The value that a pattern describes, to be sent. */
  fill(pattern: unknown, frame: Record<string, unknown> = {}): unknown {
    if (isWildcard(pattern)) {
      return this.#fillWildcard(pattern, frame);
    }
    if (Array.isArray(pattern)) {
      return pattern.map(each => this.fill(each));
    }
    if (!isRecord(pattern)) {
      return pattern;
    }
    const filled: Record<string, unknown> = {};
    // What is signed comes before the signature in every frame that has one.
    for (const [name, value] of Object.entries(pattern)) {
      filled[name] = this.fill(value, filled);
    }
    return filled;
  }

  /** @throws Error that names the first field that is otherwise. */
  match(
    pattern: unknown,
    actual: unknown,
    path: string,
    frame: unknown = actual,
  ): void {
    if (isWildcard(pattern)) {
      this.#matchWildcard(pattern, actual, path, frame);
    } else if (pattern instanceof Uint8Array) {
      if (!(actual instanceof Uint8Array) || Buffer.compare(pattern, actual)) {
        throw mismatch(path, pattern, actual);
      }
    } else if (Array.isArray(pattern)) {
      if (!Array.isArray(actual) || actual.length !== pattern.length) {
        throw mismatch(path, pattern, actual);
      }
      pattern.forEach((each, index) =>
        this.match(each, actual[index], `${path}[${index}]`),
      );
    } else if (isRecord(pattern)) {
      for (const [name, value] of Object.entries(pattern)) {
        this.match(
          value,
          isRecord(actual) ? actual[name] : undefined,
          `${path}.${name}`,
          actual,
        );
      }
    } else if (pattern !== actual) {
      throw mismatch(path, pattern, actual);
    }
  }

  #signed(signature: Signature, frame: Record<string, unknown>): Signed {
    const nonce = this.valueOf({
      placeholder: 'bytes',
      name: 'nonce',
    }) as Uint8Array;
    const clusterId = String(this.#values.get('cluster'));
    return { ...signature, frame, nonce, clusterId };
  }

  #fillWildcard(pattern: Wildcard, frame: Record<string, unknown>): unknown {
    if ('placeholder' in pattern) {
      return this.valueOf(pattern);
    }
    if ('signatureOf' in pattern) {
      return this.#signer.sign(this.#signed(pattern, frame));
    }
    if ('publicKey' in pattern) {
      return this.#signer.nextPublicKey();
    }
    return 'atLeast' in pattern ? pattern.atLeast : pattern.saying;
  }

  #matchWildcard(
    pattern: Wildcard,
    actual: unknown,
    path: string,
    frame: unknown,
  ): void {
    if ('atLeast' in pattern) {
      if (typeof actual !== 'bigint' || actual < pattern.atLeast) {
        throw mismatch(path, `at least ${pattern.atLeast}`, actual);
      }
    } else if ('saying' in pattern) {
      if (!String(actual).includes(pattern.saying)) {
        throw mismatch(path, `a text with '${pattern.saying}'`, actual);
      }
    } else if ('signatureOf' in pattern) {
      this.#signer.verify(
        this.#signed(pattern, frame as Record<string, unknown>),
        actual,
      );
    } else if ('publicKey' in pattern) {
      checkShape('bytes', actual, path);
    } else if (this.#values.has(pattern.name)) {
      this.match(this.#values.get(pattern.name), actual, path);
    } else {
      checkShape(pattern.placeholder, actual, path);
      this.#values.set(pattern.name, actual);
    }
  }
}

function checkShape(
  placeholder: Placeholder['placeholder'],
  actual: unknown,
  path: string,
): void {
  const fits =
    placeholder === 'uuid'
      ? typeof actual === 'string' && UUID.test(actual)
      : actual instanceof Uint8Array && actual.length === 32;
  if (!fits) {
    throw mismatch(
      path,
      placeholder === 'uuid' ? 'a UUID' : '32 bytes',
      actual,
    );
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !(value instanceof Uint8Array)
  );
}

function mismatch(path: string, expected: unknown, actual: unknown): Error {
  return new Error(
    `${path} is ${show(actual)} where ${show(expected)} was expected`,
  );
}

export function show(value: unknown): string {
  return JSON.stringify(value, (_name, each) => {
    if (typeof each === 'bigint') {
      return `${each}`;
    }
    return each instanceof Uint8Array ? `${each.length} bytes` : each;
  });
}
