import { WEB_YAML } from '../../../__testUtils__/fixtures';
import {
  contentOf,
  showTab,
  startDraft,
  withField,
  withYaml,
  yamlProblem,
} from './draft';

const target = { tenant: 'acme', name: 'web', clusters: ['fra1'] };

describe('a draft', () => {
  it('is sent as a form as long as there is no YAML', () => {
    const draft = withField(startDraft(target), 'image', 'web:1');
    expect(contentOf(draft)).toEqual({ form: { image: 'web:1' } });
  });

  it('keeps the fields on the way to the YAML and back', () => {
    const form = withField(startDraft(target), 'image', 'web:1');
    const yaml = showTab(form, 'yaml');
    expect(yaml.yaml).toContain('image: web:1');
    expect(showTab(yaml, 'form').fields.image).toBe('web:1');
  });

  it('keeps what was added in the YAML when the form changes afterwards', () => {
    const yaml = showTab(
      withField(startDraft(target), 'image', 'web:1'),
      'yaml',
    );
    const edited = withYaml(yaml, `${yaml.yaml}  policies: []\n`);
    const form = withField(showTab(edited, 'form'), 'image', 'web:2');
    expect(contentOf(form)).toEqual({
      yaml: expect.stringMatching(/image: web:2[\s\S]*policies: \[\]/),
    });
  });

  it('can not leave a YAML that can not be read', () => {
    const yaml = withYaml(showTab(startDraft(target), 'yaml'), 'spec: [');
    expect(yamlProblem(yaml)).toMatchObject({ line: expect.any(Number) });
    expect(showTab(yaml, 'form')).toBe(yaml);
  });

  it('starts with the form of an application that has no more than that', () => {
    expect(startDraft(target, WEB_YAML).tab).toBe('form');
    expect(startDraft(target, `${WEB_YAML}  policies: []\n`).tab).toBe('yaml');
  });
});
