export type CommandContext = {
  /** The checkout. */
  root: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP; commands then end what they started and return. */
  signal: AbortSignal;
};

export type Command = {
  name: string;
  usage: string;
  summary: string;
  /** Loads the command when it is run, so that `help` need not load what a datacenter needs. */
  load: () => Promise<(context: CommandContext) => Promise<number>>;
};

/** A mistake in how a command was called, or something missing on the machine: shown without a stack. */
export class CommandError extends Error {
  override name = 'CommandError';
}
