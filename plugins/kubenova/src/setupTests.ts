import '@testing-library/jest-dom';
import { configure } from '@testing-library/react';

// Tests wait for what they want to see; the limits only end those that wait in
// vain, and leave room for a busy machine.
const LIMIT_MS = 60_000;
configure({ asyncUtilTimeout: LIMIT_MS / 3 });
jest.setTimeout(LIMIT_MS);

// jsdom can't parse the nested rules in the styles of Backstage's own layout,
// and JSS warns of each of them.
const { warn } = console;
jest.spyOn(console, 'warn').mockImplementation((...args) => {
  if (!String(args[0]).includes('[JSS]')) {
    warn(...args);
  }
});

// jsdom has no layout, so nothing is ever resized.
window.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};
