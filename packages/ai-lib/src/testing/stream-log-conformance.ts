import type { StreamLog, StreamLogEntry } from "../core/contract/stream-log.js";
import type { JsonObject } from "../core/values/json.js";
import { expect, expectSame } from "./conformance/expect.js";

/** The log under test, as one case needs it. */
export interface StreamLogSetUp {
  /** An empty log. */
  readonly log: StreamLog;
  /** The same log in a second process. Default: {@link log}. */
  readonly peer?: StreamLog | undefined;
  /** Cleans up after a case. */
  close?(): Promise<void>;
}

/** One case, for any test runner. */
export interface StreamLogCase {
  readonly name: string;
  /** Resolves where the case passes. @throws {Error} that says what the log does wrong. */
  run(): Promise<void>;
}

/**
 * The cases that check the contract of `StreamLog`.
 *
 * @example
 * for (const { name, run } of streamLogConformance(() => ({ log: memoryStreamLog() }))) test(name, run);
 * @param setUp makes an empty log for each case
 */
export function streamLogConformance(
  setUp: () => StreamLogSetUp | Promise<StreamLogSetUp>,
): readonly StreamLogCase[] {
  return Object.entries(CASES).map(([name, test]) => ({
    name,
    async run() {
      const made = await setUp();
      try {
        await test(made.log, made.peer ?? made.log);
      } finally {
        await made.close?.();
      }
    },
  }));
}

/** @param here the process that writes @param there one that reads and stops */
type Test = (here: StreamLog, there: StreamLog) => Promise<void>;

const event = (n: number): JsonObject => ({ type: "text-delta", index: 0, text: `piece ${n}` });

async function entries(log: StreamLog, id: string, after = 0): Promise<StreamLogEntry[]> {
  const logged = await log.read(id, after);
  expect(logged !== undefined, `read("${id}") finds the run`);
  const all: StreamLogEntry[] = [];
  for await (const entry of logged?.entries ?? []) all.push(entry);
  return all;
}

async function iteratorOf(log: StreamLog, id: string, after = 0): Promise<AsyncIterator<StreamLogEntry>> {
  const logged = await log.read(id, after);
  if (logged === undefined) throw new Error(`read("${id}") does not find the run`);
  return logged.entries[Symbol.asyncIterator]();
}

const CASES: Readonly<Record<string, Test>> = {
  "gives the events of a run that has ended, numbered from 1": async (here, there) => {
    expect(await here.begin("a"), "begin() is true for a new run");
    await here.append("a", [event(1), event(2)]);
    await here.append("a", [event(3)]);
    await here.end("a");
    const all = await entries(there, "a");
    expectSame(
      all,
      [1, 2, 3].map((n) => ({ cursor: n, event: event(n) })),
      "the entries",
    );
    expectSame((await there.read("a", 0))?.ended, true, "ended");
  },
  "gives the events after a cursor": async (here, there) => {
    await here.begin("a");
    await here.append("a", [event(1), event(2), event(3)]);
    await here.end("a");
    expectSame(
      (await entries(there, "a", 2)).map(({ cursor }) => cursor),
      [3],
      "the cursors after 2",
    );
    expectSame(await entries(there, "a", 3), [], "the entries after the last one");
    expectSame(await entries(there, "a", 99), [], "the entries after a cursor that does not exist");
  },
  "gives events to several readers as they are appended": async (here, there) => {
    await here.begin("a");
    await here.append("a", [event(1)]);
    const [first, second] = [await iteratorOf(here, "a"), await iteratorOf(there, "a", 1)];
    expectSame((await first.next()).value, { cursor: 1, event: event(1) }, "the first event");
    const waiting = [first.next(), second.next()];
    await here.append("a", [event(2)]);
    for (const step of await Promise.all(waiting))
      expectSame(
        step.value,
        { cursor: 2, event: event(2) },
        "the event that was appended while it was awaited",
      );
    const ends = [first.next(), second.next()];
    await here.end("a");
    for (const step of await Promise.all(ends)) expectSame(step.done, true, "done, after the end");
  },
  "says whether a run has ended": async (here, there) => {
    await here.begin("a");
    expectSame((await there.read("a", 0))?.ended, false, "ended, while it runs");
    await here.end("a");
    expectSame((await there.read("a", 0))?.ended, true, "ended, after its end");
    await here.end("a");
    await here.end("unknown");
  },
  "has nothing of a run that it does not know": async (_, there) => {
    expectSame(await there.read("unknown", 0), undefined, "read() of an unknown run");
    expectSame(await there.requestStop("unknown"), false, "requestStop() of an unknown run");
  },
  "lets a reader leave while it waits": async (here, there) => {
    await here.begin("a");
    const reader = await iteratorOf(there, "a");
    const waiting = reader.next();
    await reader.return?.();
    expectSame((await waiting).done, true, "done, of the next() that waited");
    await here.append("a", [event(1)]);
    await here.end("a");
    expectSame((await entries(there, "a")).length, 1, "the number of entries for others");
  },
  "begins a run once while it runs, and again after its end": async (here, there) => {
    await here.begin("a");
    await here.append("a", [event(1)]);
    expectSame(await there.begin("a"), false, "begin() of a run that runs");
    await here.end("a");
    expectSame(await there.begin("a"), true, "begin() of a run that has ended");
    await there.append("a", [event(7)]);
    await there.end("a");
    expectSame(await entries(here, "a"), [{ cursor: 1, event: event(7) }], "the entries of the new run");
  },
  "refuses events for a run that has ended or was never begun": async (here) => {
    await here.begin("a");
    await here.end("a");
    for (const id of ["a", "unknown"]) {
      const refused = await here.append(id, [event(1)]).then(
        () => false,
        () => true,
      );
      expect(refused, `append("${id}") rejects`);
    }
  },
  "keeps runs apart": async (here, there) => {
    for (const id of ["a", "a:b", "ä/ö ?"]) {
      await here.begin(id);
      await here.append(id, [{ type: "text-delta", index: 0, text: id }]);
      await here.end(id);
    }
    for (const id of ["a", "a:b", "ä/ö ?"])
      expectSame((await entries(there, id))[0]?.event["text"], id, `the text of "${id}"`);
  },
  "keeps events as they were": async (here, there) => {
    const odd = { type: "part", text: '\n\r\u2028"\\', list: [1.5, null, { deep: [true] }], empty: "" };
    await here.begin("a");
    await here.append("a", [odd]);
    await here.end("a");
    expectSame((await entries(there, "a"))[0]?.event, odd, "the event");
  },
  "passes a stop to the process that writes the run": async (here, there) => {
    await here.begin("a");
    let stopped: () => void = () => {};
    const stop = new Promise<void>((resolve) => {
      stopped = resolve;
    });
    here.onStop("a", stopped);
    expectSame(await there.requestStop("a"), true, "requestStop() of a run that runs");
    await stop;
    await here.end("a");
    expectSame(await there.requestStop("a"), false, "requestStop() of a run that has ended");
  },
  "passes on a stop that was requested before anybody listened": async (here, there) => {
    await here.begin("a");
    await there.requestStop("a");
    await new Promise<void>((resolve) => here.onStop("a", resolve));
    await here.end("a");
  },
  "does not pass a stop to a listener that was taken back, nor to another run": async (here, there) => {
    let called = 0;
    for (const id of ["a", "b", "c"]) await here.begin(id);
    here.onStop("a", () => called++)();
    here.onStop("b", () => called++);
    const stopped = new Promise<void>((resolve) => here.onStop("c", resolve));
    await there.requestStop("a");
    await there.requestStop("c");
    await stopped;
    expectSame(called, 0, "calls of the other listeners");
    for (const id of ["a", "b", "c"]) await here.end(id);
  },
};
