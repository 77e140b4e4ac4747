/** A replica of the Manager that asks questions: it alone can read the answers. */
import { compactDecrypt } from 'jose';
import { generateKeyPairSync } from 'node:crypto';
import type { FrameOf, ScriptedSession } from './ScriptedSession.ts';

type Question = {
  method: string;
  id?: string;
  payload?: Uint8Array;
  deadlineMs?: number;
  upToIndex?: number;
};

export class Asker {
  readonly #session: ScriptedSession;
  readonly #keys = generateKeyPairSync('x25519');

  constructor(session: ScriptedSession) {
    this.#session = session;
  }

  ask(question: Question): void {
    const { x = '' } = this.#keys.publicKey.export({ format: 'jwk' });
    this.#session.send({
      case: 'call',
      value: {
        id: 'call-1',
        deadlineMs: 60_000,
        upToIndex: 15,
        recipientKey: Buffer.from(x, 'base64url'),
        ...question,
      },
    });
  }

  allow(upToIndex: number, id = 'call-1'): void {
    this.#session.send({ case: 'callCredit', value: { id, upToIndex } });
  }

  cancel(id = 'call-1'): void {
    this.#session.send({ case: 'callCancel', value: { id } });
  }

  /** What has come of an answer. */
  parts(id = 'call-1'): Array<FrameOf<'callChunk'>> {
    return this.#session.frames('callChunk').filter(part => part.id === id);
  }

  /** The last part of an answer, now or later. */
  async end(id = 'call-1'): Promise<FrameOf<'callChunk'>> {
    return this.#session.frame('callChunk', p => p.id === id && p.last);
  }

  /** The whole answer, once its end has come. @throws Error where it is one, or a part is not what it claims to be. */
  async answer(id = 'call-1'): Promise<Buffer> {
    const end = await this.end(id);
    if (end.error) {
      throw new Error(end.error);
    }
    const opened = this.parts(id).map(part => this.#open(part));
    return Buffer.concat(await Promise.all(opened));
  }

  async #open(part: FrameOf<'callChunk'>): Promise<Uint8Array> {
    const { plaintext, protectedHeader } = await compactDecrypt(
      part.payload,
      this.#keys.privateKey,
    );
    const { alg, enc, id, index } = protectedHeader;
    const claimed = ['ECDH-ES', 'A256GCM', part.id, part.index];
    if (`${[alg, enc, id, index]}` !== `${claimed}`) {
      throw new Error(`Sealed as ${[alg, enc, id, index]}, not ${claimed}.`);
    }
    return plaintext;
  }
}
