import { parse } from 'yaml';
import { applicationFromForm } from './applicationFromForm';

const web = { tenant: 'acme', name: 'web' };

describe('applicationFromForm', () => {
  it('makes one webservice whose port has a Service', () => {
    const yaml = applicationFromForm(web, {
      image: 'kubenova.local/go-httpbin:2.26.0',
      port: 8080,
      replicas: 2,
      cpu: '100m',
      memory: '64Mi',
    });
    expect(parse(yaml)).toEqual({
      apiVersion: 'core.oam.dev/v1beta1',
      kind: 'Application',
      metadata: { name: 'web', namespace: 'acme-apps' },
      spec: {
        components: [
          {
            name: 'web',
            type: 'webservice',
            properties: {
              image: 'kubenova.local/go-httpbin:2.26.0',
              imagePullPolicy: 'IfNotPresent',
              ports: [{ port: 8080, expose: true }],
              cpu: '100m',
              memory: '64Mi',
            },
            traits: [{ type: 'scaler', properties: { replicas: 2 } }],
          },
        ],
      },
    });
  });

  it('leaves out what the form leaves out, and keeps zero replicas', () => {
    const yaml = applicationFromForm(web, { image: 'nginx', replicas: 0 });
    expect(parse(yaml).spec.components).toEqual([
      {
        name: 'web',
        type: 'webservice',
        properties: { image: 'nginx', imagePullPolicy: 'IfNotPresent' },
        traits: [{ type: 'scaler', properties: { replicas: 0 } }],
      },
    ]);
  });

  it('keeps text that YAML would read as something else', () => {
    const yaml = applicationFromForm(web, { image: '0x10: # no', cpu: '1' });
    expect(parse(yaml).spec.components[0].properties).toMatchObject({
      image: '0x10: # no',
      cpu: '1',
    });
  });
});
