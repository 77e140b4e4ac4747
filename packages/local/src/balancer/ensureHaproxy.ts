import { findCommand, installPrerequisites } from '../toolchain/index.ts';

export type HaproxyFound =
  | { outcome: 'found'; command: string }
  /** `how` is a sentence for a person. */
  | { outcome: 'missing'; how: string };

/** HAProxy of the system, installed where we are root on a Debian. */
export async function ensureHaproxy(options: {
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
}): Promise<HaproxyFound> {
  const { env, signal } = options;
  if (!(await findCommand('haproxy', env))) {
    await installPrerequisites({ purpose: 'replicas', signal });
  }
  const command = await findCommand('haproxy', env);
  return command
    ? { outcome: 'found', command }
    : {
        outcome: 'missing',
        how: 'Several replicas need HAProxy before them, which is not on the PATH. Install it, on Debian and Ubuntu with "apt-get install haproxy".',
      };
}
