import { uptime } from 'node:os';

type Cancel = () => void;

/** The only source of time. Tests hand in one that they move by hand. */
export interface Clock {
  now(): Date;
  /** Milliseconds since some moment. Goes on while the machine sleeps, and is never set. */
  passedMs(): number;
  /** Runs `task` once after `ms`; the answer cancels it. */
  after(ms: number, task: () => void): Cancel;
  every(ms: number, task: () => void): Cancel;
}

/** Real time. Its timers keep no process alive. */
export const systemClock: Clock = {
  now: () => new Date(),
  passedMs,
  after: (ms, task) => {
    const timer = setTimeout(task, ms).unref();
    return () => clearTimeout(timer);
  },
  every: (ms, task) => {
    const timer = setInterval(task, ms).unref();
    return () => clearInterval(timer);
  },
};

const awakeMs = (): number => performance.now();
/** Between the machine's uptime, which counts sleep and hundredths of a second, and a timer that is exact and sleeps too. */
const sinceBootMs = uptime() * 1_000 - awakeMs();
let sleptMs = 0;

function passedMs(): number {
  const asleepMs = uptime() * 1_000 - awakeMs() - sinceBootMs;
  if (asleepMs - sleptMs > 1_000) sleptMs = asleepMs;
  return awakeMs() + sleptMs;
}
