import { errorCodeOf } from '../errorCodes';
import { eachItem } from './eachItem';
import { KubenovaClient } from './KubenovaClient';

type Sent = { url: string; method?: string; headers: Headers; body: unknown };

/** A client whose requests are caught and answered with the given status and body. */
function clientAnsweredWith(status: number, body: unknown) {
  const sent: Sent[] = [];
  const client = new KubenovaClient({
    discoveryApi: { getBaseUrl: async id => `http://localhost/api/${id}` },
    fetchApi: {
      fetch: async (input, init) => {
        sent.push({
          url: String(input),
          method: init?.method,
          headers: new Headers(init?.headers),
          body: init?.body && JSON.parse(String(init.body)),
        });
        return new Response(status === 204 ? null : JSON.stringify(body), {
          status,
          headers: { 'Content-Type': 'application/json' },
        });
      },
    },
  });
  return { client, sent };
}

describe('KubenovaClient', () => {
  it('sends an idempotency key under the name that HTTP gives it', async () => {
    const { client, sent } = clientAnsweredWith(201, { name: 'acme' });
    await client.createTenant(
      { name: 'acme', clusters: ['fra1'] },
      { idempotencyKey: 'k1', token: 't' },
    );
    expect(sent).toEqual([
      expect.objectContaining({
        url: 'http://localhost/api/kubenova/tenants',
        method: 'POST',
        body: { name: 'acme', clusters: ['fra1'] },
      }),
    ]);
    expect(sent[0].headers.get('Idempotency-Key')).toBe('k1');
    expect(sent[0].headers.get('Authorization')).toBe('Bearer t');
    expect(sent[0].headers.has('idempotencyKey')).toBe(false);
  });

  it('sends the etag of a change as If-Match, and none where none is given', async () => {
    const { client, sent } = clientAnsweredWith(204, undefined);
    await client.deleteCluster('fra1', { ifMatch: '"3"' });
    await client.deleteCluster('fra1');
    expect(sent[0].headers.get('If-Match')).toBe('"3"');
    expect(sent[1].headers.has('If-Match')).toBe(false);
  });

  it('asks for usage with from and to', async () => {
    const { client, sent } = clientAnsweredWith(200, { series: [] });
    await client.getUsage({
      tenant: 'acme',
      from: '2026-11-24T00:00:00Z',
      to: '2026-11-25T00:00:00Z',
    });
    expect(Object.fromEntries(new URL(sent[0].url).searchParams)).toEqual({
      tenant: 'acme',
      from: '2026-11-24T00:00:00Z',
      to: '2026-11-25T00:00:00Z',
    });
  });

  it("throws a refusal with the Manager's sentence and code", async () => {
    const { client } = clientAnsweredWith(409, {
      error: {
        name: 'ConflictError',
        message: 'A tenant named acme exists; choose another name.',
        code: 'NAME_TAKEN',
      },
      response: { statusCode: 409 },
    });
    const refusal = await client
      .createTenant({ name: 'acme', clusters: ['fra1'] })
      .catch(error => error);
    expect(refusal).toMatchObject({
      name: 'ResponseError',
      statusCode: 409,
      cause: { message: 'A tenant named acme exists; choose another name.' },
    });
    expect(errorCodeOf(refusal)).toBe('NAME_TAKEN');
  });
});

describe('eachItem', () => {
  it('follows cursors until there is none', async () => {
    const pages: Record<string, { items: number[]; nextCursor?: string }> = {
      start: { items: [1, 2], nextCursor: 'b' },
      b: { items: [3] },
    };
    const items: number[] = [];
    for await (const item of eachItem(
      async ({ cursor }) => pages[cursor ?? 'start'],
    )) {
      items.push(item);
    }
    expect(items).toEqual([1, 2, 3]);
  });
});
