import { ConfigReader } from '@backstage/config';
import { randomBytes } from 'node:crypto';
import { Envelope } from './Envelope';

const envelope = (encryptionKey = randomBytes(32).toString('base64')) =>
  Envelope.fromConfig(new ConfigReader({ kubenova: { encryptionKey } }));

describe('Envelope', () => {
  it('opens what it sealed, for the same context', () => {
    const { seal, open } = bind(envelope());
    const sealed = seal('a secret', 'installation/ca');

    expect(sealed).not.toContain('a secret');
    expect(open(sealed, 'installation/ca')).toBe('a secret');
  });

  it('never seals the same text into the same bytes', () => {
    const { seal } = bind(envelope());
    expect(seal('a secret', 'x')).not.toBe(seal('a secret', 'x'));
  });

  it('refuses a text that was moved to another context', () => {
    const { seal, open } = bind(envelope());
    expect(() => open(seal('a secret', 'clusters/1'), 'clusters/2')).toThrow(
      "does not open as 'clusters/2'",
    );
  });

  it('refuses a text that was changed', () => {
    const { seal, open } = bind(envelope());
    const parts = seal('a secret', 'x').split('.');
    parts[4] = Buffer.from('another').toString('base64url');
    expect(() => open(parts.join('.'), 'x')).toThrow('it was changed');
  });

  it('says that a text was sealed with another key', () => {
    const sealed = envelope().seal('a secret', 'x');
    expect(() => envelope().open(sealed, 'x')).toThrow(
      'was sealed with another key',
    );
  });

  it('says what to configure where the key is missing or too short', () => {
    expect(() => Envelope.fromConfig(new ConfigReader({}))).toThrow(
      'kubenova.encryptionKey is missing in the configuration',
    );
    expect(() => envelope(randomBytes(16).toString('base64'))).toThrow(
      'has to be 32 bytes in base64, but is 16',
    );
  });
});

function bind(subject: Envelope) {
  return {
    seal: subject.seal.bind(subject),
    open: subject.open.bind(subject),
  };
}
