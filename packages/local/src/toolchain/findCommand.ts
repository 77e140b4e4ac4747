import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import path from 'node:path';

/** The file that a command of this name would run; undefined when there is none in PATH. */
export async function findCommand(
  command: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> {
  for (const dir of (env.PATH ?? '').split(':').filter(Boolean)) {
    const file = path.join(dir, command);
    const executable = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (executable) {
      return file;
    }
  }
  return undefined;
}
