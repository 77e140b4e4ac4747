import { spawn } from 'node:child_process';

export type RunCommandOptions = {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal;
  /** Called with each piece of standard output and error as it comes. */
  onOutput?: (chunk: string) => void;
};

export type CommandResult = {
  /** Undefined when a signal ended it. */
  code: number | undefined;
  stdout: string;
  /** Standard output and error in the order in which they came. */
  output: string;
};

/** Runs a command to its end. A code other than 0 is a result, not an exception; not being able to start it is one. */
export function runCommand(
  command: string,
  args: string[],
  options: RunCommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      // A group of its own: an abort ends the whole tree, and Ctrl-C is the launcher's to pass on.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const end = () => {
      if (child.pid !== undefined && child.exitCode === null) {
        process.kill(-child.pid, 'SIGTERM');
      }
    };
    options.signal?.addEventListener('abort', end, { once: true });

    let stdout = '';
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
      output += chunk;
      options.onOutput?.(chunk);
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
      options.onOutput?.(chunk);
    });
    child.once('error', reject);
    child.once('close', code => {
      options.signal?.removeEventListener('abort', end);
      if (options.signal?.aborted) {
        reject(options.signal.reason);
        return;
      }
      resolve({ code: code ?? undefined, stdout, output });
    });
    if (options.signal?.aborted) {
      end();
    }
  });
}

/** Like runCommand, but a code other than 0 is an exception that carries the output's last lines. */
export async function mustRun(
  command: string,
  args: string[],
  options: RunCommandOptions = {},
): Promise<CommandResult> {
  const result = await runCommand(command, args, options);
  if (result.code !== 0) {
    const lastLines = result.output.trimEnd().split('\n').slice(-30).join('\n');
    throw new Error(
      `${[command, ...args].join(' ')} failed (code ${
        result.code ?? 'none, a signal ended it'
      }):\n${lastLines}`,
    );
  }
  return result;
}
