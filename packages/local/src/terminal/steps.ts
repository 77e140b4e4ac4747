/** What commands tell the person at the terminal: sentences, and steps with the time that each took. */
export type Terminal = {
  say(line: string): void;
  /** Says what is being done, does it, and says how long it took; a failure is said and passed on. */
  step<T>(title: string, run: (detail: Detail) => Promise<T>): Promise<T>;
};

/** Adds a word to a step's last line, for example where something listens. */
export type Detail = (text: string) => void;

export function createTerminal(options: {
  write: (text: string) => void;
  /** Milliseconds of a clock that never jumps. */
  now: () => number;
}): Terminal {
  const say = (line: string) => options.write(`[kubenova] ${line}\n`);
  return {
    say,
    async step(title, run) {
      const started = options.now();
      let detail = '';
      say(`${title} …`);
      try {
        const result = await run(text => {
          detail = `: ${text}`;
        });
        say(`${title}${detail} (${formatDuration(options.now() - started)})`);
        return result;
      } catch (error) {
        say(`${title} failed after ${formatDuration(options.now() - started)}`);
        throw error;
      }
    },
  };
}

/** 840 ms, 12.3 s, 2 min 5 s */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) {
    return `${Math.round(milliseconds)} ms`;
  }
  const seconds = milliseconds / 1000;
  if (seconds < 60) {
    return `${seconds.toFixed(1)} s`;
  }
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

export const terminal: Terminal = createTerminal({
  write: text => process.stdout.write(text),
  now: () => performance.now(),
});
