import { render, screen } from '@testing-library/react';
import App from './App';

const LIMIT_MS = 60_000;

describe('the portal', () => {
  it(
    'asks who comes before it shows anything',
    async () => {
      process.env = {
        NODE_ENV: 'test',
        // The build puts the configuration here, as a value and not as text.
        APP_CONFIG: [
          {
            context: 'test',
            data: {
              app: { title: 'KubeNova', baseUrl: 'http://localhost:3000' },
              backend: { baseUrl: 'http://localhost:7007' },
            },
          },
        ] as unknown as string,
      };
      render(App.createRoot());
      expect(
        await screen.findByText(
          'Sign in to KubeNova',
          {},
          { timeout: LIMIT_MS },
        ),
      ).toBeInTheDocument();
      expect(screen.getByRole('button', { name: 'Enter' })).toBeEnabled();
    },
    LIMIT_MS,
  );
});
