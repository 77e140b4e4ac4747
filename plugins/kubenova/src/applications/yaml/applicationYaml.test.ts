import { WEB_YAML } from '../../__testUtils__/fixtures';
import { EMPTY_FIELDS } from './fields';
import { readYaml, withIdentity, writeYaml } from './applicationYaml';

const IDENTITY = { tenant: 'acme', name: 'web' };

const RICH_YAML = `# made by hand
apiVersion: core.oam.dev/v1beta1
kind: Application
metadata:
  name: web
  namespace: acme-apps
  annotations:
    team: blue
spec:
  components:
    - name: web
      type: webservice
      properties:
        image: web:1 # pinned
        env:
          - name: MODE
            value: fast
      traits:
        - type: storage
        - type: scaler
          properties:
            replicas: 2
    - name: cache
      type: worker
`;

function read(yaml: string) {
  const result = readYaml(yaml);
  if (!result.ok) {
    throw new Error(result.problem.message);
  }
  return result;
}

describe('the form and the YAML of an application', () => {
  it('come back from each other with every field', () => {
    const fields = {
      image: 'web:1',
      port: '8080',
      replicas: '2',
      cpu: '100m',
      memory: '64Mi',
    };
    const yaml = writeYaml(undefined, IDENTITY, fields);
    expect(read(yaml)).toEqual({
      ok: true,
      name: 'web',
      fields,
      isPlain: true,
    });
  });

  it('keep comments and keys that the form does not know', () => {
    const { fields } = read(RICH_YAML);
    const yaml = writeYaml(RICH_YAML, IDENTITY, {
      ...fields,
      image: 'web:2',
      replicas: '3',
    });
    expect(yaml).toBe(
      RICH_YAML.replace('image: web:1', 'image: web:2').replace(
        'replicas: 2',
        'replicas: 3',
      ),
    );
  });

  it('know when there is more than the form shows', () => {
    expect(read(WEB_YAML).isPlain).toBe(true);
    expect(read(RICH_YAML).isPlain).toBe(false);
  });

  it('lose a path when its field is emptied', () => {
    const yaml = writeYaml(WEB_YAML, IDENTITY, {
      ...EMPTY_FIELDS,
      image: 'registry.example/web:1',
    });
    expect(yaml).not.toContain('ports');
    expect(read(yaml).fields.port).toBe('');
  });

  it('keep a field that is no number yet', () => {
    const fields = { ...EMPTY_FIELDS, image: 'web:1', port: 'http' };
    const yaml = writeYaml(undefined, IDENTITY, fields);
    expect(read(yaml).fields).toEqual(fields);
  });

  it('say in which line a YAML can not be read', () => {
    const result = readYaml('kind: Application\nspec: [a\nb: c\n');
    expect(result).toMatchObject({ ok: false, problem: { line: 3 } });
  });

  it('follow the name and tenant above them', () => {
    const yaml = withIdentity(RICH_YAML, { tenant: 'globex', name: 'shop' });
    expect(yaml).toContain('  name: shop\n  namespace: globex-apps');
    expect(yaml).toContain('    - name: shop\n      type: webservice');
    expect(yaml).toContain('    - name: cache');
  });

  it('leave a YAML alone that can not be read', () => {
    const broken = 'metadata: [';
    expect(withIdentity(broken, IDENTITY)).toBe(broken);
  });
});
