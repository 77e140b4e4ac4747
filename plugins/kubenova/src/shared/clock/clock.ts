import { createContext, useContext, useEffect, useState } from 'react';
import { DateTime } from 'luxon';

/** Tells the present, in UTC. Tests provide their own. */
export type Clock = () => DateTime;

const ClockContext = createContext<Clock>(() => DateTime.utc());

export const ClockProvider = ClockContext.Provider;

export function useClock(): Clock {
  return useContext(ClockContext);
}

/** The present, told again every `everyMs` milliseconds. */
export function useNow(everyMs: number): DateTime {
  const clock = useClock();
  const [now, setNow] = useState(clock);
  useEffect(() => {
    const timer = setInterval(() => setNow(clock()), everyMs);
    return () => clearInterval(timer);
  }, [clock, everyMs]);
  return now;
}
