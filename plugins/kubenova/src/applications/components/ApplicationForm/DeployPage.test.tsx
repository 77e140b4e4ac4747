import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FakeKubenovaApi } from '../../../__testUtils__/FakeKubenovaApi';
import { fill } from '../../../__testUtils__/fill';
import { applicationOf, tenantOf } from '../../../__testUtils__/fixtures';
import { renderPages } from '../../../__testUtils__/renderPages';

async function fillIn() {
  await fill(await screen.findByLabelText('Name'), 'hello');
  await userEvent.click(screen.getByRole('checkbox', { name: 'fra1' }));
  await fill(screen.getByLabelText('Image'), 'registry.example/hello:1');
  await fill(screen.getByLabelText(/^Port/), '8080');
}

const deploy = () =>
  userEvent.click(screen.getByRole('button', { name: 'Deploy' }));

describe('deploying an application', () => {
  it('sends the form, and lands on the application', async () => {
    const api = new FakeKubenovaApi({ tenants: [tenantOf('acme')] });
    renderPages('/applications/deploy?tenant=acme', { api });
    await fillIn();
    await deploy();
    expect(
      await screen.findByRole('region', { name: 'Deployment in fra1' }),
    ).toBeInTheDocument();
    expect(api.requests).toEqual([
      {
        tenant: 'acme',
        name: 'hello',
        clusters: ['fra1'],
        form: { image: 'registry.example/hello:1', port: 8080 },
      },
    ]);
  });

  it('says at each field what is missing, and sends nothing', async () => {
    const api = new FakeKubenovaApi({ tenants: [tenantOf('acme')] });
    renderPages('/applications/deploy?tenant=acme', { api });
    await screen.findByLabelText('Name');
    await deploy();
    for (const sentence of [
      /A name is needed/,
      'Choose at least one datacenter.',
      'Name the container image.',
    ]) {
      expect(screen.getByText(sentence)).toBeInTheDocument();
    }
    expect(api.requests).toEqual([]);
  });

  it('puts a refused name at the name, and keeps what was typed', async () => {
    const api = new FakeKubenovaApi({ tenants: [tenantOf('acme')] });
    api.refuse('createApplication', {
      status: 409,
      code: 'NAME_TAKEN',
      message: 'acme has an application hello: choose another name.',
    });
    renderPages('/applications/deploy?tenant=acme', { api });
    await fillIn();
    await deploy();
    expect(await screen.findByText(/choose another name/)).toBeInTheDocument();
    expect(screen.getByLabelText('Name')).toHaveAttribute(
      'aria-invalid',
      'true',
    );
    expect(screen.getByLabelText('Image')).toHaveValue(
      'registry.example/hello:1',
    );
  });
});

describe('changing an application', () => {
  it('sends its own YAML with the change, based on the state that was edited', async () => {
    const api = new FakeKubenovaApi({
      tenants: [tenantOf('acme')],
      applications: [applicationOf('web')],
    });
    renderPages('/applications/id-of-web/edit', { api });
    const image = await screen.findByLabelText('Image');
    expect(image).toHaveValue('registry.example/web:1');
    expect(screen.getByLabelText('Name')).toBeDisabled();
    await fill(image, 'registry.example/web:2');
    await userEvent.click(
      screen.getByRole('button', { name: 'Deploy new revision' }),
    );
    await screen.findByRole('region', { name: 'Deployment in fra1' });
    const [request] = api.requests as Array<{ yaml: string }>;
    expect(request.yaml).toContain('image: registry.example/web:2');
    expect(request.yaml).toContain('# what people call');
  });
});
