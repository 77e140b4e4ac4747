export { ClockProvider, useClock, useNow, type Clock } from './clock';
