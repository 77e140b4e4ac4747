/** Names of a story's own, so that it can be run again on datacenters that still have what an earlier run made. */
export function storyNames(story: string): { tenant: string; app: string } {
  const suffix = Date.now().toString(36);
  return { tenant: `${story}-${suffix}`, app: `web-${suffix}` };
}

/** The sample application's image; every local datacenter has it. */
export const IMAGE = 'kubenova.local/go-httpbin:2.26.0';
export const PORT = 8080;
