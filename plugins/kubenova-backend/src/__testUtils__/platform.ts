import type { useTestManager } from './useTestManager';

type Manager = ReturnType<typeof useTestManager>;

/** Registers clusters and returns their ids by name. */
export async function makeClusters(
  manager: Manager,
  ...names: string[]
): Promise<Record<string, string>> {
  const ids: Record<string, string> = {};
  for (const name of names) {
    const { body } = await manager
      .post('/clusters', { name, datacenter: name })
      .expect(201);
    ids[name] = body.id;
  }
  return ids;
}

/** As after the first session of every cluster's operator: from then on, what is deleted has to be confirmed. */
export async function openLinks(manager: Manager): Promise<void> {
  await manager.db('links').update({ epoch: 1 });
}

export async function makeTenant(
  manager: Manager,
  name: string,
  ...clusters: string[]
) {
  const { body } = await manager.post('/tenants', { name, clusters });
  return body;
}

/** An Application that is right in every respect. */
export const VELA_YAML = `# what acme shows the world
apiVersion: core.oam.dev/v1beta1
kind: Application
metadata:
  name: web
  labels: {team: blue}
spec:
  components:
    - name: web
      type: webservice
      properties:
        image: kubenova.local/go-httpbin:2.26.0
`;
