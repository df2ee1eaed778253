/**
 * The clock that everything in this library uses; a simulator passes a virtual one. Outside this file, lint refuses the
 * platform's clock, timers and randomness.
 */
export interface Clock {
  /** Epoch milliseconds; never goes backwards. */
  now(): number;
  /** Runs `run` once after `ms` milliseconds; the returned function cancels it. Never runs synchronously. */
  after(ms: number, run: () => void): () => void;
}

/** Longest delay that the platform's timers can hold; longer ones would fire immediately. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** Read once: it never changes, and the platform's getter costs more than the clock. */
const TIME_ORIGIN = performance.timeOrigin;

/** The machine's clock: monotonic, anchored to the epoch when the process began. */
export const systemClock: Clock = {
  now: () => TIME_ORIGIN + performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.min(Math.max(0, ms), LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  },
};

/** A random number from 0 (included) to 1 (excluded), like `Math.random`. */
export type Random = () => number;

/** The platform's randomness. */
export const systemRandom: Random = Math.random;

const ID_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";

/** An id of `length` letters and digits (default 20), drawn from `random`. */
export function randomId(random: Random, length = 20): string {
  let id = "";
  for (let i = 0; i < length; i++) id += ID_ALPHABET[Math.floor(random() * ID_ALPHABET.length)];
  return id;
}
