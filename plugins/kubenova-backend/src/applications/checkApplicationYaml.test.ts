import { checkApplicationYaml, MAX_YAML_BYTES } from './checkApplicationYaml';

const ACME_WEB = { tenant: 'acme', name: 'web' };
const HEAD = 'apiVersion: core.oam.dev/v1beta1\nkind: Application\n';

const check = (yaml: string) => checkApplicationYaml(yaml, ACME_WEB);
/** An Application whose only component has these properties. */
const withProperties = (properties: object) =>
  JSON.stringify({
    apiVersion: 'core.oam.dev/v1beta1',
    kind: 'Application',
    spec: { components: [{ name: 'web', type: 'k8s-objects', properties }] },
  });

describe('checkApplicationYaml', () => {
  describe('takes', () => {
    it.each([
      ['a document without metadata', `${HEAD}spec: {components: []}`],
      ['its own name', `${HEAD}metadata: {name: web}\nspec: {}`],
      [
        'its own namespace',
        `${HEAD}metadata: {namespace: acme-apps}\nspec: {}`,
      ],
      ['a leading document marker', `---\n${HEAD}spec: {}\n`],
      ['an empty document behind it', `${HEAD}spec: {}\n---\n`],
      ['JSON', withProperties({})],
      ['its own namespace, nested', withProperties({ namespace: 'acme-apps' })],
      ['an empty namespace', withProperties({ namespace: '' })],
      [
        'a reference to a Secret',
        withProperties({ secretKeyRef: { name: 's' } }),
      ],
      ['the word Secret as a value', withProperties({ title: 'Secret' })],
      ['aliases', `${HEAD}spec: {a: &a {x: 1}, b: *a}`],
    ])('%s', (_, yaml) => {
      expect(check(yaml)).toMatchObject({ outcome: 'ok' });
    });

    it('exactly 1 MiB', () => {
      const head = `${HEAD}spec: {}\n#`;
      const yaml = head + 'x'.repeat(MAX_YAML_BYTES - head.length);
      expect(check(yaml)).toMatchObject({ outcome: 'ok' });
    });
  });

  it('writes out aliases, so that nothing is shared', () => {
    expect(check(`${HEAD}spec: {a: &a {x: 1}, b: *a}`)).toEqual({
      outcome: 'ok',
      application: {
        apiVersion: 'core.oam.dev/v1beta1',
        kind: 'Application',
        spec: { a: { x: 1 }, b: { x: 1 } },
      },
    });
  });

  describe('refuses as YAML_INVALID', () => {
    it.each([
      ['broken YAML', 'a: ['],
      ['a tab as indentation', 'a:\n\tb: 1'],
      ['a key given twice', `${HEAD}spec: {}\nspec: {}`],
      ['nothing', ''],
      ['a comment alone', '# nothing'],
      ['two documents', `${HEAD}spec: {}\n---\n${HEAD}spec: {}`],
      ['an alias of nothing', `${HEAD}spec: *nothing`],
      ['an unknown tag', `${HEAD}spec: !!js/function 'x'`],
      ['a number that JSON has not', `${HEAD}spec: {a: .nan}`],
      ['a key that is no text', `${HEAD}spec: {? [a] : b}`],
      [
        'a bomb of aliases',
        `${HEAD}spec:\n  a: &a [x, x, x, x, x, x, x, x, x, x]\n${[...'bcdefghi']
          .map((name, i) => {
            const before = `*${'abcdefgh'[i]}`;
            return `  ${name}: &${name} [${Array(10).fill(before).join(', ')}]`;
          })
          .join('\n')}`,
      ],
    ])('%s', (_, yaml) => {
      expect(check(yaml)).toMatchObject({
        outcome: 'refused',
        code: 'YAML_INVALID',
      });
    });
  });

  describe('refuses as YAML_TOO_LARGE', () => {
    it('one byte more than 1 MiB', () => {
      const head = `${HEAD}spec: {}\n#`;
      const yaml = head + 'x'.repeat(MAX_YAML_BYTES + 1 - head.length);
      expect(check(yaml)).toMatchObject({ code: 'YAML_TOO_LARGE' });
    });

    it('fewer characters than 1 MiB, but more bytes', () => {
      const yaml = `${HEAD}spec: {}\n#${'€'.repeat(400_000)}`;
      expect(check(yaml)).toMatchObject({ code: 'YAML_TOO_LARGE' });
    });

    it('what is small only because of aliases', () => {
      const text = 'x'.repeat(100_000);
      const aliases = Array(50).fill('*a').join(', ');
      const yaml = `${HEAD}spec: {a: &a ${text}, b: [${aliases}]}`;
      expect(check(yaml)).toMatchObject({ code: 'YAML_TOO_LARGE' });
    });
  });

  it.each([
    ['a list', '- 1'],
    ['a word', 'Application'],
    ['another kind', HEAD.replace('Application', 'Deployment')],
    ['another version', `apiVersion: v1\nkind: Application\nspec: {}`],
    ['one without a spec', HEAD],
    ['a spec that is a list', `${HEAD}spec: []`],
    ['metadata that is a list', `${HEAD}metadata: []\nspec: {}`],
  ])('refuses %s as YAML_NOT_APPLICATION', (_, yaml) => {
    expect(check(yaml)).toMatchObject({ code: 'YAML_NOT_APPLICATION' });
  });

  it.each(['api', 'WEB', '7'])('refuses the name %s', name => {
    expect(check(`${HEAD}metadata: {name: ${name}}\nspec: {}`)).toMatchObject({
      code: 'YAML_NAME_MISMATCH',
      message: expect.stringContaining('web'),
    });
  });

  it.each<[string, object]>([
    ['as an object', { objects: [{ apiVersion: 'v1', kind: 'Secret' }] }],
    ['in a list of Kubernetes', { kind: 'List', items: [{ kind: 'Secret' }] }],
    ['as a list', { kind: 'SecretList', items: [] }],
    ['many levels down', { a: { b: [[{ c: [{ kind: 'Secret' }] }]] } }],
  ])('refuses a Secret %s', (_, properties) => {
    expect(check(withProperties(properties))).toMatchObject({
      code: 'YAML_HAS_SECRET',
    });
  });

  it('refuses a Secret behind an alias or a merge key', () => {
    const yaml = `${HEAD}spec:\n  a: &s {kind: Secret}\n  b: {<<: *s}`;
    expect(check(yaml)).toMatchObject({ code: 'YAML_HAS_SECRET' });
  });

  it('says where the Secret is', () => {
    const yaml = withProperties({ objects: [{}, { kind: 'Secret' }] });
    expect(check(yaml)).toMatchObject({
      message: expect.stringContaining(
        'spec.components[0].properties.objects[1]',
      ),
    });
  });

  it.each<[string, object]>([
    [
      'in metadata of an object',
      { objects: [{ metadata: { namespace: 'x' } }] },
    ],
    ['as a plain property', { namespace: 'kube-system' }],
    ['in a list of namespaces', { namespaces: ['acme-apps', 'beta-apps'] }],
    ["as a tenant's other namespace", { namespace: 'acme-owner' }],
    ['as an object of its own', { kind: 'Namespace', metadata: { name: 'x' } }],
    ['as a number', { namespace: 7 }],
  ])('refuses another namespace %s', (_, properties) => {
    expect(check(withProperties(properties))).toMatchObject({
      code: 'YAML_FOREIGN_NAMESPACE',
      message: expect.stringContaining('acme-apps'),
    });
  });

  it('refuses another namespace in the metadata, a policy or a trait', () => {
    for (const foreign of [
      `metadata: {namespace: beta-apps}\nspec: {}`,
      `spec: {policies: [{type: topology, properties: {namespace: beta-apps}}]}`,
      `spec: {components: [{traits: [{properties: {namespace: x}}]}]}`,
    ]) {
      expect(check(HEAD + foreign)).toMatchObject({
        code: 'YAML_FOREIGN_NAMESPACE',
      });
    }
  });

  it('refuses a document that is too deep to read, and does not fail on it', () => {
    const depth = 100_000;
    const yaml = `${HEAD}spec: {a: ${'['.repeat(depth)}${']'.repeat(depth)}}`;
    expect(check(yaml)).toMatchObject({ code: 'YAML_INVALID' });
  });
});
