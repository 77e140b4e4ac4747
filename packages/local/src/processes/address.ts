/** Where something listens. */
export type Address = { host: string; port: number };

/** host:port */
export function hostAndPort({ host, port }: Address): string {
  return `${host}:${port}`;
}
