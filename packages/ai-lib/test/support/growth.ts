/** CPU milliseconds below which growth is noise. */
const FLOOR_MS = 40;
/** Four times the input may take this many times as long: linear takes 4, quadratic 16. */
const MOST = 11;
const TRIES = 5;

/** CPU time of this process in milliseconds: unlike the clock, it does not count what other processes take. */
export function cpuMs(run: () => void): number {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}

/**
 * Measures how the time of some work grows with the length of its input, at 1, 2 and 4 times a size. The shortest time of
 * several tries counts: a garbage collection, or a processor that others use, makes single ones longer.
 * @param prepare makes the work for a length; its own time does not count.
 * @returns undefined where the time is in proportion, else the three times as text.
 */
export function superlinear(size: number, prepare: (length: number) => () => void): string | undefined {
  const shortest = [1, 2, 4].map((factor) => ({ length: size * factor, ms: Number.POSITIVE_INFINITY }));
  for (let attempt = 0; attempt < TRIES; attempt++) {
    for (const one of shortest) one.ms = Math.min(one.ms, cpuMs(prepare(one.length)));
    const [one = 0, , four = 0] = shortest.map(({ ms }) => ms);
    if (four < FLOOR_MS || four < MOST * one) return undefined;
  }
  return `${shortest.map(({ ms }) => ms.toFixed(1)).join(" -> ")} ms`;
}
