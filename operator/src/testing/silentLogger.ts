import type { Logger } from '../kube/index.ts';

export const silentLogger: Logger = {
  info() {},
  warn() {},
  error() {},
};
