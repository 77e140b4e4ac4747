import { ConfigReader } from '@backstage/config';
import { readLinkSettings } from './settings';

const read = (link: { listen: string; publicUrl?: string }) =>
  readLinkSettings(new ConfigReader({ kubenova: { link } }));

describe('readLinkSettings', () => {
  it('takes names, IPv4 and IPv6 addresses, and the listen address as the default of the public URL', () => {
    expect(read({ listen: '10.0.0.1:7443' })).toMatchObject({
      listen: { host: '10.0.0.1', port: 7443 },
      publicUrl: 'https://10.0.0.1:7443',
    });
    expect(read({ listen: '[::1]:7443' })).toMatchObject({
      listen: { host: '::1', port: 7443 },
      publicUrl: 'https://[::1]:7443',
    });
    expect(read({ listen: ':7443' }).listen.host).toBe('0.0.0.0');
  });

  it.each(['7443', 'localhost', 'localhost:99999', 'http://localhost:7443'])(
    "says what is wrong with the address '%s'",
    listen => {
      expect(() => read({ listen })).toThrow(
        'kubenova.link.listen has to be host:port',
      );
    },
  );

  it('refuses a public URL without TLS', () => {
    expect(() =>
      read({ listen: ':7443', publicUrl: 'http://manager.example' }),
    ).toThrow('has to start with https://');
  });
});
