import { readdirSync, readFileSync } from "node:fs";

/** Milliseconds between two samples. */
const EVERY_MS = 20;

/** A thread at one time, as proc(5) has it. Times in milliseconds. */
interface Thread {
  /** How long it waited for a processor, up to its last run. */
  readonly waited: number;
  /** How long it ran, and how often. */
  readonly ran: string;
  /** Since when it is seen to wait without a run; undefined where it is not. */
  readonly since: number | undefined;
}

interface Sample {
  readonly at: number;
  /** Milliseconds that the thread which waited longest has waited for a processor since the sample before. */
  readonly waited: number;
}

/**
 * Watches how long threads wait for a processor because others have it, by what Linux counts for each thread. It is no
 * fault of a program that a busy machine does not run it.
 */
export class WaitingTime {
  private readonly samples: Sample[] = [];
  private threads: ReadonlyMap<string, Thread> = new Map();
  private readonly timer: NodeJS.Timeout;

  /** @param list the folders in /proc of the threads that matter now */
  constructor(private readonly list: () => readonly string[]) {
    this.sample();
    this.timer = setInterval(() => this.sample(), EVERY_MS);
  }

  /** Takes the last sample. */
  stop(): void {
    clearInterval(this.timer);
    this.sample();
  }

  /** Milliseconds of a period in which none of the threads waited. */
  free(from: number, to: number): number {
    let free = to - from;
    for (const [index, { at, waited }] of this.samples.entries()) {
      const begin = this.samples[index - 1]?.at;
      if (begin === undefined || at <= begin) continue;
      const shared = Math.max(0, Math.min(at, to) - Math.max(begin, from));
      free -= (Math.min(waited, at - begin) * shared) / (at - begin);
    }
    return free;
  }

  private sample(): void {
    const at = Date.now();
    const before = this.samples.at(-1)?.at ?? at;
    const threads = new Map<string, Thread>();
    let waited = 0;
    for (const folder of this.list()) {
      const last = this.threads.get(folder);
      const thread = read(folder, last, before);
      if (thread === undefined) continue;
      threads.set(folder, thread);
      if (last !== undefined) waited = Math.max(waited, totalOf(thread, at) - totalOf(last, before));
    }
    this.threads = threads;
    this.samples.push({ at, waited });
  }
}

function totalOf({ waited, since }: Thread, at: number): number {
  return waited + (since === undefined ? 0 : at - since);
}

/** Reads a thread; undefined where it has ended. @param before when it was read last, in epoch milliseconds */
function read(folder: string, last: Thread | undefined, before: number): Thread | undefined {
  try {
    const [time = "", waited = "", runs = ""] = readFileSync(`${folder}/schedstat`, "utf8").trim().split(" ");
    const ran = `${time} ${runs}`;
    // A wait is counted when it ends: until then, the thread is ready to run and does not.
    const waits = last?.ran === ran && stateOf(folder) === "R";
    return { ran, waited: Number(waited) / 1e6, since: waits ? (last.since ?? before) : undefined };
  } catch {
    return undefined;
  }
}

/** The state of a thread, such as R for one that runs or is ready to: see proc_pid_stat(5). */
function stateOf(folder: string): string | undefined {
  const text = readFileSync(`${folder}/stat`, "utf8");
  return text[text.lastIndexOf(")") + 2];
}

/** The folders in /proc of the threads of a process; none of one that has ended. */
export function threadsOf(pid: number): readonly string[] {
  const folder = `/proc/${pid}/task`;
  try {
    return readdirSync(folder).map((id) => `${folder}/${id}`);
  } catch {
    return [];
  }
}
