import { isIPv6 } from 'node:net';

const MAPPED_IPV4 = /^::ffff:(?<ipv4>\d+\.\d+\.\d+\.\d+)$/i;

/**
 * What limits count a remote address by: an IPv4 address by itself, an IPv6 one by its first 64 bits, since whoever has one of those has
 * all of them.
 */
export function addressKey(address: string): string {
  const ipv4 = MAPPED_IPV4.exec(address)?.groups?.ipv4;
  if (ipv4 || !isIPv6(address)) {
    return ipv4 ?? address;
  }
  const [head, tail = ''] = address.split('%')[0].split('::');
  const [before, after] = [head, tail].map(part =>
    part.split(':').filter(group => group !== ''),
  );
  const zeros = Array(Math.max(0, 8 - before.length - after.length)).fill('0');
  const groups = [...before, ...zeros, ...after].slice(0, 4);
  return `${groups
    .map(group => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
