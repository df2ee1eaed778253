import type { Clock } from "../../core/contract/clock.js";
import type { Flow } from "../../core/contract/sink.js";
import type { TransportSink } from "../../core/contract/transport.js";
import { AiLibError } from "../../core/errors/error.js";
import type { RecordedReply } from "./recording.js";

/** One thing that happens in a reply, and the milliseconds before it. */
type Step = readonly [wait: number, run: (sink: TransportSink) => void];

/** Plays a reply. @param clock measures the recorded times; without it nothing waits. */
export function replay(reply: RecordedReply, sink: TransportSink, clock: Clock | undefined): Flow {
  const steps = stepsOf(reply);
  let at = 0;
  let paused = false;
  /** Nothing is scheduled: the replay is paused. */
  let halted = false;
  let cancelWait: (() => void) | undefined;
  let over = false;
  const schedule = () => {
    const wait = steps[at]?.[0] ?? 0;
    if (clock !== undefined && wait > 0) cancelWait = clock.after(wait, play);
    else queueMicrotask(play);
  };
  const play = () => {
    while (!over && !paused) {
      const step = steps[at++];
      if (step === undefined) return;
      step[1](sink);
      if (clock !== undefined && (steps[at]?.[0] ?? 0) > 0) {
        schedule();
        return;
      }
    }
    halted = true;
  };
  schedule();
  return {
    pause() {
      paused = true;
    },
    resume() {
      paused = false;
      if (!halted || over) return;
      halted = false;
      queueMicrotask(play);
    },
    abort() {
      over = true;
      cancelWait?.();
      return undefined;
    },
  };
}

function stepsOf({ status, headers = {}, headMs = 0, endMs = 0, error, ...body }: RecordedReply): Step[] {
  const steps: Step[] = [];
  if (status !== undefined) steps.push([headMs, (sink) => sink.head(status, headers)]);
  for (const [wait, bytes] of piecesOf(body)) steps.push([wait, (sink) => sink.data(bytes)]);
  if (error === undefined) steps.push([endMs, (sink) => sink.end()]);
  else steps.push([endMs, (sink) => sink.fail(new AiLibError(error))]);
  return steps;
}

function piecesOf({
  json,
  indent,
  frames = [],
  encoding = "utf8" as "base64",
}: RecordedReply): (readonly [number, Uint8Array])[] {
  if (json !== undefined) return [[0, Buffer.from(JSON.stringify(json, null, indent))]];
  return frames.map(([wait, data]) => [wait, Buffer.from(data, encoding)]);
}
