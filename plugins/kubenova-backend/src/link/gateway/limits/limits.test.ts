import { Code } from '@connectrpc/connect';
import { request } from 'node:https';
import { eventually } from '../../__testUtils__/eventually';
import { useTestDatabase } from '../../__testUtils__/testDatabase';
import { TestLink } from '../../__testUtils__/TestLink';
import { useTestLinks } from '../../__testUtils__/useTestLinks';

const ONE = { burst: 1, perMinute: 1 };
const TRY_AGAIN = expect.stringMatching(/too many .* try again in \d+ s/);

describe('the limits of the link', () => {
  const database = useTestDatabase();
  const links = useTestLinks(database);

  it('refuse sessions from an address that opens too many, before anything is read', async () => {
    const link = await links.start({ limits: { sessionsPerAddress: ONE } });
    const operator = await link.enrolledOperator();
    const { session } = await operator.connect();

    const refused = operator.open();

    expect(await refused.ended()).toMatchObject({
      code: Code.ResourceExhausted,
      rawMessage: TRY_AGAIN,
    });
    expect(refused.seen).toEqual([]);
    await session.receive('heartbeat'); // the other one goes on
  });

  it('refuse sessions of a cluster whose operator opens too many, and no stranger can bring that about', async () => {
    const link = await links.start({ limits: { sessionsPerCluster: ONE } });
    const operator = await link.enrolledOperator();
    const stranger = link.operatorOf(operator.cluster);
    for (let attempt = 0; attempt < 5; attempt++) {
      expect(await (await stranger.hello()).ended()).toMatchObject({
        code: Code.Unauthenticated,
      });
    }
    await operator.connect();

    expect(await (await operator.hello()).ended()).toMatchObject({
      code: Code.ResourceExhausted,
      rawMessage: TRY_AGAIN,
    });
    const other = await link.enrolledOperator();
    await other.connect();
  });

  it('write no more refusals down than they have to', async () => {
    const link = await links.start({
      limits: { refusalsWrittenPerCluster: ONE },
    });
    const operator = await link.enrolledOperator();
    const stranger = link.operatorOf(operator.cluster);
    await (await stranger.hello()).ended();
    const first = await link.row(operator);

    await (await stranger.hello()).ended();

    expect(await link.row(operator)).toEqual(first);
  });

  it('refuse to enrol where an address, or a cluster from there, tries too often', async () => {
    const link = await links.start({ limits: { enrolmentsPerCluster: ONE } });
    const { operator, token } = await link.newOperator();
    await operator.enroll(token);
    await expect(operator.enroll(token)).rejects.toMatchObject({
      code: Code.ResourceExhausted,
      rawMessage: TRY_AGAIN,
    });
    await link.enrolledOperator(); // another cluster

    const strict = await links.start({ limits: { enrolmentsPerAddress: ONE } });
    await strict.enrolledOperator();
    await expect(strict.enrolledOperator()).rejects.toMatchObject({
      code: Code.ResourceExhausted,
      rawMessage: TRY_AGAIN,
    });
  });

  it('refuse manifests to an address that asks too often, and say when to ask again', async () => {
    const link = await links.start({ limits: { manifestsPerAddress: ONE } });
    const { token } = await link.newOperator();
    expect((await join(link, token)).status).toBe(200);

    const refused = await join(link, token);

    expect(refused.status).toBe(429);
    expect(Number(refused.retryAfter)).toBeGreaterThan(0);
  });

  it('bound the streams on which nobody has said who it is, and let others in when those are over', async () => {
    const link = await links.start({
      limits: { unopenedSessions: 2 },
      periods: { hello: 60_000 },
    });
    const silent = await link.enrolledOperator();
    const streams = [silent.open(), silent.open()];
    await Promise.all(streams.map(stream => stream.receive('challenge')));
    const operator = await link.enrolledOperator();
    expect(await operator.open().ended()).toMatchObject({
      code: Code.ResourceExhausted,
    });

    silent.disconnect();
    await eventually(
      () =>
        operator.connect().then(
          () => true,
          () => false,
        ),
      isLetIn => isLetIn,
    );
    await (await link.enrolledOperator()).connect(); // opened ones do not count
    await (await link.enrolledOperator()).connect();
  });

  it('bound the sessions of a replica', async () => {
    const link = await links.start({ limits: { sessions: 1 } });
    await (await link.enrolledOperator()).connect();
    const operator = await link.enrolledOperator();
    expect(await operator.open().ended()).toMatchObject({
      code: Code.ResourceExhausted,
      rawMessage: expect.stringContaining('as many sessions as it takes'),
    });
  });

  it('end a session with a frame that is over 4 MiB', async () => {
    const link = await links.start();
    const operator = await link.enrolledOperator();
    const session = operator.open();
    await session.receive('challenge');
    session.send({
      case: 'bye',
      value: { reason: 'x'.repeat(4 * 1024 * 1024) },
    });
    expect(await session.ended()).toMatchObject({
      code: Code.InvalidArgument,
    });
  });
});

async function join(
  link: TestLink,
  token: string,
): Promise<{ status?: number; retryAfter?: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${link.url}/v1/join`,
      {
        ca: link.link.address.caPem,
        agent: false,
        headers: { authorization: `Bearer ${token}` },
      },
      response => {
        response.resume();
        response.on('end', () =>
          resolve({
            status: response.statusCode,
            retryAfter: response.headers['retry-after'],
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}
