const RealDate = Date;

/** Makes every clock of this process that people read be off; those that only grow are not touched. */
export function shiftClock(offsetMs: number): void {
  globalThis.Date = class extends RealDate {
    constructor(...args: []) {
      super(
        ...((args.length === 0 ? [RealDate.now() + offsetMs] : args) as []),
      );
    }

    static override now(): number {
      return RealDate.now() + offsetMs;
    }
  } as DateConstructor;
}
