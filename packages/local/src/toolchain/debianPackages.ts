/** The machine's own commands that datacenters call, and the Debian package of each. */
export const commandPackages: Readonly<Record<string, string>> = {
  runc: 'runc',
  iptables: 'iptables',
  nft: 'nftables',
  conntrack: 'conntrack',
  // It goes into an image as its shell.
  busybox: 'busybox-static',
  ip: 'iproute2',
  nsenter: 'util-linux',
  setpriv: 'util-linux',
  mount: 'mount',
  ldd: 'libc-bin',
};

/** What the end-to-end tests drive. */
export const browserPackages: Readonly<Record<string, string>> = {
  chromium: 'chromium',
};

/** What stands before several replicas of the portal. */
export const replicaPackages: Readonly<Record<string, string>> = {
  haproxy: 'haproxy',
};
