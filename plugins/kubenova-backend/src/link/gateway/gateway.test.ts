import { Code } from '@connectrpc/connect';
import { createHash } from 'node:crypto';
import { request } from 'node:https';
import { TLSSocket } from 'node:tls';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { TestLink } from '../__testUtils__/TestLink';
import { useTestLinks } from '../__testUtils__/useTestLinks';

describe('the listener of the link', () => {
  const database = useTestDatabase();
  const links = useTestLinks(database);

  it('tells its health over gRPC', async () => {
    const link = await links.start();
    const { operator } = await link.newOperator();

    expect(await operator.health()).toBe('SERVING');
    expect(await operator.health('kubenova.link.v1.LinkService')).toBe(
      'SERVING',
    );
    await expect(operator.health('other.Service')).rejects.toMatchObject({
      code: Code.NotFound,
    });
  });

  it('is not serving where renewals do not commit', async () => {
    const link = await links.start({ periods: { lease: 0 } });
    const operator = await link.enrolledOperator();

    expect(await operator.health()).toBe('NOT_SERVING');
    const session = operator.open();
    expect(await session.ended()).toMatchObject({ code: Code.Unavailable });
  });

  it('enrols a key once, and the same key again', async () => {
    const link = await links.start();
    const { operator, token } = await link.newOperator();

    const enrolled = await operator.enroll(token);

    expect(enrolled).toMatchObject({
      clusterName: operator.cluster.name,
      installationId: link.link.address.installationId,
    });
    expect(await operator.enroll(token)).toMatchObject({
      clusterName: operator.cluster.name,
    });
  });

  it('refuses to enrol another key, and a token that is expired or made up', async () => {
    const link = await links.start();
    const { operator, token } = await link.newOperator();
    await operator.enroll(token);
    operator.changeKey();

    await expect(operator.enroll(token)).rejects.toMatchObject({
      code: Code.PermissionDenied,
      rawMessage: 'This join token was used by another key',
    });
    await expect(operator.enroll('made up')).rejects.toMatchObject({
      code: Code.PermissionDenied,
    });
    link.registry.add(operator.cluster, 'expired');
    await expect(operator.enroll('expired')).rejects.toMatchObject({
      code: Code.PermissionDenied,
      rawMessage: 'This join token has expired',
    });
  });

  it('gives the manifest to the bearer of a join token, over HTTP/1.1', async () => {
    const link = await links.start();
    const { token } = await link.newOperator();

    expect(await get(link, '/v1/join', `Bearer ${token}`)).toMatchObject({
      status: 200,
      body: 'kind: Namespace\n',
    });
  });

  it('gives no manifest without a good token, and nothing elsewhere', async () => {
    const link = await links.start();

    expect(await get(link, '/v1/join')).toMatchObject({
      status: 401,
      body: expect.stringContaining("'Authorization: Bearer <token>'"),
    });
    expect(await get(link, '/v1/join', 'Bearer made-up')).toMatchObject({
      status: 403,
      body: 'This token is not known.\n',
    });
    expect(await get(link, '/')).toMatchObject({ status: 404 });
  });

  it('shows the key that join commands pin, and the same one after a restart', async () => {
    const first = await links.start();
    const { publicKey } = await get(first, '/v1/join');
    const pin = createHash('sha256').update(publicKey).digest('base64');

    expect(first.link.address.pinnedKey).toBe(`sha256//${pin}`);
    await first.stop();
    const second = await links.start();
    expect(second.link.address).toEqual(first.link.address);
  });
});

/** As curl does, trusting the installation's CA. */
async function get(
  link: TestLink,
  path: string,
  authorization?: string,
): Promise<{ status?: number; body: string; publicKey: Buffer }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${link.url}${path}`,
      {
        ca: link.link.address.caPem,
        agent: false,
        headers: authorization ? { authorization } : {},
      },
      response => {
        const certificate = (
          response.socket as TLSSocket
        ).getPeerX509Certificate();
        const publicKey = certificate!.publicKey.export({
          type: 'spki',
          format: 'der',
        });
        const chunks: Buffer[] = [];
        response.on('data', chunk => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode,
            body: Buffer.concat(chunks).toString(),
            publicKey,
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}
