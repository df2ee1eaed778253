import type { Clock } from "../../core/contract/clock.js";
import type { Frame, HttpReply } from "../../core/contract/transport.js";
import { asObject, isObject, type JsonObject, tryParse } from "../../core/values/json.js";
import type { ServedCallOf } from "../../serve/options.js";
import { inPieces } from "../faulty-reply.js";
import { refused } from "./service.js";

/** A response of OpenAI that runs in the background. */
export interface SimulatedRun {
  readonly id: string;
  /** The response object once it is done. */
  readonly body: JsonObject;
  /** Every event of its stream; the number of an event is its place. */
  readonly frames: readonly Frame[];
  /** Questions so far. */
  asked: number;
  cancelled: boolean;
}

/** What a run answers the request with that started it. */
export interface RunStart {
  /** The whole reply of a request that wants no stream. */
  readonly reply: HttpReply;
  /** The frames of a stream. */
  readonly frames: readonly Frame[];
}

/** The responses that run in the background at one endpoint of the simulator. */
export class SimulatedRuns {
  private readonly runs = new Map<string, SimulatedRun>();
  /** Questions that a run answers with "in progress" before it is done. Default 1. */
  questions = 1;

  constructor(private readonly clock: Clock) {}

  /** The runs, the newest first. */
  all(): SimulatedRun[] {
    return [...this.runs.values()].toReversed();
  }

  /** Starts a run. @param pieceLength characters of each text delta */
  start(call: ServedCallOf<"chat">, answer: Answer, id: string, pieceLength: number): RunStart {
    const response = { ...answer, id };
    const { half, request, laws } = call;
    const model = request.model ?? "simulated";
    const facts = { id, created: this.clock.now(), model, request, mode: "stream" as const };
    const frames: Frame[] = [];
    const encoder = half.encoder((frame) => frames.push(inBackground(frame)), facts);
    for (const event of inPieces(laws.replay(response), pieceLength)) encoder.event(event);
    encoder.finish(response);
    const whole = asObject(tryParse(half.encode(response, facts).body)) ?? {};
    const run: SimulatedRun = {
      ...{ id, frames, asked: 0, cancelled: false },
      body: { ...whole, ...IN_BACKGROUND },
    };
    this.runs.set(id, run);
    return { reply: jsonReply(bodyOf(run, "queued")), frames };
  }

  /** A run as a question about it finds it: questions are what moves runs on. */
  ask(id: string): JsonObject {
    const run = this.get(id);
    run.asked++;
    if (run.cancelled) return bodyOf(run, "cancelled");
    return run.asked > this.questions ? run.body : bodyOf(run, "in_progress");
  }

  /** The frames behind an event. Following a run to its end leaves it done. */
  follow(id: string, after: number): readonly Frame[] {
    const run = this.get(id);
    if (!run.cancelled) {
      run.asked = Math.max(run.asked, this.questions);
      return run.frames.slice(after + 1);
    }
    const event = {
      type: "response.cancelled",
      sequence_number: after + 1,
      response: bodyOf(run, "cancelled"),
    };
    return [{ event: event.type, data: JSON.stringify(event) }];
  }

  /** Stops a run; a run that is done does not change. */
  cancel(id: string): JsonObject {
    const run = this.get(id);
    if (run.asked > this.questions) return run.body;
    run.cancelled = true;
    return bodyOf(run, "cancelled");
  }

  private get(id: string): SimulatedRun {
    const run = this.runs.get(id);
    if (run === undefined) throw refused(404, `Response with id '${id}' not found.`);
    return run;
  }
}

type Answer = Parameters<ServedCallOf<"chat">["half"]["encode"]>[0];

const IN_BACKGROUND = { background: true, store: true };

/** Whether a request asks for a response in the background. */
export function wantsBackground({ http }: Pick<ServedCallOf<"chat">, "http">): boolean {
  if (!/\/responses\/?$/.test(http.path) || http.body?.includes('"background"') !== true) return false;
  return asObject(tryParse(http.body))?.["background"] === true;
}

function bodyOf({ body }: SimulatedRun, status: string): JsonObject {
  return { ...body, status, output: [], usage: null, completed_at: null };
}

/** A frame whose response object says that it runs in the background. */
function inBackground(frame: Frame): Frame {
  const event = tryParse(frame.data);
  if (!isObject(event) || !isObject(event["response"])) return frame;
  const response = { ...event["response"], ...IN_BACKGROUND };
  const queued = event["type"] === "response.created" ? { status: "queued" } : {};
  return { ...frame, data: JSON.stringify({ ...event, response: { ...response, ...queued } }) };
}

function jsonReply(body: JsonObject): HttpReply {
  return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}
