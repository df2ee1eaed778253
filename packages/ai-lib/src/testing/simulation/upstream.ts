import type { ServerFacts, ServerHalf, ServerKindCodec } from "../../core/contract/dialect.js";
import type {
  Frame,
  HttpReply,
  HttpRequest,
  Transport,
  TransportRequest,
  TransportSink,
} from "../../core/contract/transport.js";
import { AiLibError } from "../../core/errors/error.js";
import { replayEvents } from "../../core/kinds/chat/replay.js";
import type { ChatRequest } from "../../core/values/chat-request.js";
import type { Kind } from "../../core/values/kinds.js";
import { frameWriter } from "../../wire/frame-writer.js";
import { simulatedResponse } from "../answer.js";
import { inPieces } from "../faulty-reply.js";
import type { VirtualClock } from "../virtual-clock.js";
import { planOf, type UpstreamPlan } from "./faults.js";
import { type SimulatedUnaryKind, simulatedCalls } from "./kinds.js";
import type { SeededRandom } from "./seeded-random.js";
import { dribble, SimulatedExchange, type Step } from "./simulated-exchange.js";

/** Milliseconds between two comments of a stream that sends nothing else. */
const COMMENT_MS = 250;

/** Comments after which the simulated provider stops: longer than any limit of a call. */
const COMMENTS = 200;

/** Carries the number of the request, so that what arrives can be distinguished. */
export const REQUEST_HEADER = "x-simulated-request";

/** One exchange as the upstream saw it. Times are epoch milliseconds. */
export interface UpstreamAttempt {
  readonly request: number;
  readonly endpoint: string;
  readonly plan: UpstreamPlan;
  readonly startedAt: number;
  /** The provider named this time. */
  readonly retryAt: number | undefined;
  /** The connection is open. */
  open: boolean;
}

/** All providers of one run, behind one virtual transport: the real dialect halves, no sockets, no waiting. */
export class Upstream {
  readonly log: UpstreamAttempt[] = [];
  /** Receives each attempt when it begins. */
  onAttempt: ((endpoint: string) => void) | undefined;
  /** Answers of every request by endpoint: the only texts that may ever be delivered. */
  readonly answers = new Map<string, string>();

  constructor(
    private readonly clock: VirtualClock,
    private readonly random: SeededRandom,
    private readonly halves: ReadonlyMap<string, ServerHalf>,
    private readonly faultShare: number,
    /** The kind of the calls. */
    private readonly kind: "chat" | SimulatedUnaryKind,
  ) {}

  /** Exchanges whose connection is open. */
  get open(): number {
    return this.log.filter((attempt) => attempt.open).length;
  }

  /** A transport to one endpoint, which speaks one dialect. */
  transport(endpoint: string, dialect: string): Transport {
    return {
      open: (request, sink) => {
        const half = this.halves.get(dialect);
        if (half === undefined) throw new TypeError(`No server half for ${dialect}`);
        return this.answer(endpoint, half, request, sink);
      },
    };
  }

  private answer(
    endpoint: string,
    half: ServerHalf,
    request: TransportRequest,
    sink: TransportSink,
  ): SimulatedExchange {
    const plan = planOf(this.random, this.faultShare);
    const number = Number(request.headers[REQUEST_HEADER]);
    const now = this.clock.now();
    const wait = believedWait(plan);
    const attempt: UpstreamAttempt = {
      request: number,
      endpoint,
      plan,
      startedAt: now,
      retryAt: wait === undefined ? undefined : now + (plan.headDelayMs ?? 0) + wait * 1000,
      open: true,
    };
    this.log.push(attempt);
    this.onAttempt?.(endpoint);
    const url = new URL(request.url);
    const http: HttpRequest = {
      method: "POST",
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: request.headers,
      ...(typeof request.body === "string" ? { body: request.body } : { bytes: request.body as Uint8Array }),
    };
    const exchange = new SimulatedExchange(this.clock, attempt, sink, request.connectMs);
    const { kind } = this;
    if (kind !== "chat") {
      exchange.play(this.whole(plan, half, () => this.reply(half, kind, http, number, endpoint)));
      return exchange;
    }
    const decoded = half.decode(http);
    const text = restOf(this.text(number, endpoint), decoded.request, this.answersTo(number));
    const id = plan.sameId === true ? "the-same" : `a${this.log.length}`;
    const facts: ServerFacts = { id, created: now, model: "m" };
    const response = simulatedResponse(decoded.request, { content: [{ type: "text", text }] }, facts.id);
    const script =
      decoded.mode === "unary"
        ? this.whole(plan, half, () => half.encode(response, facts))
        : this.stream(plan, half, facts, response);
    exchange.play(script);
    return exchange;
  }

  /** The answer of an endpoint to a request. Half of all requests have the same answer at every endpoint, so that splicing can succeed. */
  private text(request: number, endpoint: string): string {
    const own = request % 2 === 0 ? "" : `${endpoint}: `;
    const key = `${request}@${endpoint}`;
    const words = Array.from({ length: 4 + ((request * 7) % 12) }, (_, i) => `w${request}.${i}`).join(" ");
    const text = `${own}begin ${words} end`;
    this.answers.set(key, text);
    return text;
  }

  private answersTo(request: number): string[] {
    return [...this.answers].filter(([key]) => key.startsWith(`${request}@`)).map(([, text]) => text);
  }

  private refusal(plan: UpstreamPlan, half: ServerHalf): HttpReply | undefined {
    if (plan.refusal === undefined) return undefined;
    const { code, retryAfterS, skewMs } = plan.refusal;
    const reply = half.error(new AiLibError({ code, message: `simulated ${code}` }));
    if (retryAfterS === undefined) return reply;
    if (skewMs === undefined)
      return { ...reply, headers: { ...reply.headers, "retry-after": String(retryAfterS) } };
    // The head is written when it is sent; a date has whole seconds.
    const sentAt = Math.ceil((this.clock.now() + (plan.headDelayMs ?? 0) + skewMs) / 1_000) * 1_000;
    const date = (ms: number) => new Date(ms).toUTCString();
    return {
      ...reply,
      headers: { ...reply.headers, date: date(sentAt), "retry-after": date(sentAt + retryAfterS * 1_000) },
    };
  }

  /** A reply of a kind besides chat, which names the request and, for half of all requests, the endpoint. */
  private reply(
    half: ServerHalf,
    kind: SimulatedUnaryKind,
    http: HttpRequest,
    number: number,
    endpoint: string,
  ): HttpReply {
    const codec = half.kinds?.[kind] as ServerKindCodec<Kind> | undefined;
    if (codec === undefined || (!codec.matches(http) && codec.claims?.(http) !== true))
      throw new TypeError(`${half.id} has no server half of ${kind} at ${http.path}`);
    const calls = simulatedCalls(kind);
    const mark = number * 100 + (number % 2 === 0 ? 0 : Number(endpoint.slice(1)) + 1);
    const frame = { provider: endpoint, model: "m", id: "e", attempts: [], estimateInput: () => 1 };
    const response = calls.laws.respond(calls.reply(mark), [], frame);
    this.answers.set(`${number}@${endpoint}`, calls.text(response));
    return codec.encode(response, codec.decode(http));
  }

  /** @param encode makes the answer, if the plan has none of its own */
  private whole(plan: UpstreamPlan, half: ServerHalf, encode: () => HttpReply): Step[] {
    if (plan.refuse === "deaf") return [{ ms: 0, do: "deaf" }];
    if (plan.refuse === true) return [{ ms: 0, do: "refuse" }];
    if (plan.silent === "head" || (plan.ends === "stall" && plan.at === 0)) return [];
    const head = { ms: (plan.headDelayMs ?? 0) + (plan.firstDelayMs ?? 0) };
    if (plan.ends === "reset" && plan.at === -1) return [{ ...head, do: "reset" }];
    const refusal = this.refusal(plan, half);
    const reply = refusal ?? encode();
    const body = bytesOf(plan.body ?? reply.body);
    const steps: Step[] = [{ ...head, do: "head", status: reply.status, headers: reply.headers }];
    if (plan.silent === "first") return steps;
    if (plan.oversize !== undefined) {
      const bytes = new Uint8Array(64 * 1024).fill(32);
      for (let sent = 0; sent < plan.oversize; sent += bytes.length) steps.push({ ms: 1, do: "data", bytes });
      return steps;
    }
    if (plan.pieces !== undefined) {
      steps.push(...dribble(body, plan.pieces, plan.frameDelayMs ?? 0), { ms: 0, do: "end" });
      return steps;
    }
    const broken =
      plan.ends === "reset" || plan.ends === "cut" || plan.ends === "stall" || plan.ends === "comments";
    steps.push({
      ms: plan.frameDelayMs ?? 0,
      do: "data",
      bytes: broken ? body.subarray(0, body.length / 2) : body,
    });
    if (plan.ends === "stall" || plan.ends === "comments") return steps;
    // A whole reply announces its length: one that ends early is a broken connection to any transport.
    steps.push({ ms: 0, do: broken ? "reset" : "end" });
    return steps;
  }

  private stream(
    plan: UpstreamPlan,
    half: ServerHalf,
    facts: ServerFacts,
    response: Parameters<ServerHalf["encode"]>[0],
  ): Step[] {
    const refusal = this.refusal(plan, half);
    const oddly = plan.refuse !== undefined || plan.silent === "head" || plan.body !== undefined;
    if (refusal !== undefined || oddly || plan.at === -1)
      return this.whole(plan, half, () => half.encode(response, facts));
    const writer = frameWriter(half.framing);
    const frames = this.frames(plan, half, facts, response);
    const steps: Step[] = [
      { ms: plan.headDelayMs ?? 0, do: "head", status: 200, headers: { "content-type": writer.contentType } },
    ];
    if (plan.silent === "first") return steps;
    for (const [i, frame] of frames.entries()) {
      const ms = i === 0 ? (plan.firstDelayMs ?? 0) : (plan.frameDelayMs ?? 0);
      if (plan.at === i && plan.ends !== undefined && plan.ends !== "error") {
        if (plan.ends === "stall") return steps;
        if (plan.ends === "comments") {
          // Other framings than server-sent events have no comments: their stream is silent.
          if (half.framing !== "sse") return steps;
          const bytes = bytesOf(": still here\n\n");
          for (let n = 0; n < COMMENTS; n++) steps.push({ ms: COMMENT_MS, do: "data", bytes });
          return steps;
        }
        if (plan.ends !== "malformed") {
          steps.push({ ms, do: plan.ends === "cut" ? "end" : "reset" });
          return steps;
        }
        steps.push({ ms, do: "data", bytes: bytesOf(writer.frame({ data: '{"broken":' })) });
      }
      steps.push(...this.segments(bytesOf(writer.frame(frame)), ms, plan.pieces));
    }
    if (plan.lingers !== true) steps.push({ ms: 0, do: "end" });
    return steps;
  }

  private frames(
    plan: UpstreamPlan,
    half: ServerHalf,
    facts: ServerFacts,
    response: Parameters<ServerHalf["encode"]>[0],
  ): Frame[] {
    const frames: Frame[] = [];
    const encoder = half.encoder((frame) => frames.push(frame), facts);
    const failing = plan.ends === "error" ? (plan.at ?? 0) : undefined;
    for (const event of inPieces(replayEvents(response.content, response), this.random.whole(4, 14))) {
      if (failing !== undefined && frames.length >= failing) break;
      encoder.event(event);
    }
    if (failing !== undefined)
      encoder.fail(new AiLibError({ code: "OVERLOADED", message: "simulated, in the stream" }));
    else if (plan.noTerminator !== true) encoder.finish(response);
    return frames;
  }

  /** Some frames arrive in two reads. */
  private segments(bytes: Uint8Array, ms: number, pieces?: number): Step[] {
    if (pieces !== undefined) return dribble(bytes, pieces, ms);
    if (!this.random.chance(0.1)) return [{ ms, do: "data", bytes }];
    const cut = this.random.whole(1, Math.max(1, bytes.length - 1));
    return [
      { ms, do: "data", bytes: bytes.subarray(0, cut) },
      { ms: 0, do: "data", bytes: bytes.subarray(cut) },
    ];
  }
}

/** The seconds of waiting that a reply names, if clients accept them: not in the past, and not more than a month. */
function believedWait({ refusal }: UpstreamPlan): number | undefined {
  const wait = refusal?.retryAfterS;
  return wait === undefined || wait < 0 || wait > 31 * 86_400 ? undefined : wait;
}

/** The rest of the answer that a request begins, which may be that of another endpoint; else the whole answer. */
function restOf(own: string, request: ChatRequest, answers: readonly string[]): string {
  const last = request.messages.at(-1);
  if (last?.role !== "assistant") return own;
  const { content } = last;
  const begun =
    typeof content === "string"
      ? content
      : content.map((part) => (part.type === "text" ? part.text : "")).join("");
  const whole = answers.find((answer) => answer.startsWith(begun)) ?? own;
  return whole.slice(begun.length);
}

function bytesOf(text: string | Uint8Array): Uint8Array {
  return typeof text === "string" ? new TextEncoder().encode(text) : text;
}
