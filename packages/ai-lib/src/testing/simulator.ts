import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Call } from "../core/contract/call.js";
import { type Clock, systemClock } from "../core/contract/clock.js";
import type { DialectId, ServerHalf } from "../core/contract/dialect.js";
import { valueOr } from "../core/contract/guard.js";
import { refuseUnknown } from "../core/errors/options.js";
import type { AnswerFacts } from "../core/values/answer.js";
import type { ChatRequest } from "../core/values/chat-request.js";
import type { ChatResponse } from "../core/values/chat-response.js";
import type { Kind, ResponseOf } from "../core/values/kinds.js";
import type { ModelInfo } from "../core/values/model.js";
import { serverHalves } from "../serve/halves.js";
import { type NodeOutput, serve } from "../serve/node.js";
import type { ServedCall, ServedCallOf } from "../serve/options.js";
import { http } from "../wire/node-http.js";
import { type SimulatedAnswer, simulatedAnswer, simulatedResponse } from "./answer.js";
import type { Fault } from "./fault.js";
import { FaultPlan } from "./fault-plan.js";
import { FaultyReply } from "./faulty-reply.js";
import { RepeatedResets } from "./repeated-resets.js";
import { sampleReply } from "./sample-reply.js";
import { answerService } from "./services/answer-service.js";
import { simulatedServices } from "./services/index.js";
import { RowAnswers } from "./services/row-answers.js";
import type { ServiceAttempt, ServiceHead, SimulatedService } from "./services/service.js";
import { SimulatedBatches } from "./services/simulated-batches.js";
import { SimulatedFiles } from "./services/simulated-files.js";
import { SimulatedRuns, wantsBackground } from "./services/simulated-runs.js";
import type { SimulatedAttempt } from "./simulated-attempt.js";

/** Settings of a simulator. */
export interface SimulatorOptions {
  /** Port on 127.0.0.1. Default 0: any that is free. */
  readonly port?: number | undefined;
  /** Makes the answer to a request. Default: {@link simulatedAnswer}, the same for the same request. */
  readonly answer?: ((request: ChatRequest, endpoint: string) => SimulatedAnswer) | undefined;
  /** Characters of each text delta. Default 12. */
  readonly pieceLength?: number | undefined;
  /** Milliseconds between the frames of every stream, so that a person can watch it. Default 0. */
  readonly frameDelayMs?: number | undefined;
  /** The models that are listed. Default: one, `"simulated"`. */
  readonly models?: readonly string[] | undefined;
  /**
   * The voices that it lists, in the formats of Mistral, xAI, ElevenLabs and Cartesia. A request for speech with another
   * voice is refused with 400. Default: every name is a voice, and `"simulated"` is listed.
   */
  readonly voices?: readonly string[] | undefined;
  /** Receives each request once its connection or its reply has ended, such as for a log. */
  readonly onAttempt?: ((attempt: SimulatedAttempt<Kind>) => void) | undefined;
  readonly clock?: Clock | undefined;
}

const OPTION_NAMES: ReadonlySet<string> = new Set([
  "port",
  "answer",
  "pieceLength",
  "frameDelayMs",
  "models",
  "voices",
  "onAttempt",
  "clock",
] satisfies (keyof SimulatorOptions)[]);

/** `/@endpoint/~dialect/the/rest`, the dialect optional. */
const ENDPOINT = /^\/@([^/]+)(?:\/~([a-z-]+))?(\/.*)$/;

/** The endpoint of requests whose path names none. */
const DEFAULT_ENDPOINT = "default";

/**
 * A model provider on loopback that speaks every dialect through the real server halves, gives the same answer to the
 * same request, and has the faults that you set. The tests, the demo and the examples run on it.
 */
export class Simulator {
  /** Every chat request so far, in order of arrival. */
  readonly attempts: SimulatedAttempt[] = [];
  /** Every request of another kind so far, in order of arrival. */
  readonly otherAttempts: SimulatedAttempt<Exclude<Kind, "chat">>[] = [];
  /** Every request to a service so far, such as one for a file, once it was answered. */
  readonly serviceAttempts: ServiceAttempt[] = [];
  /** Connections that are open now. */
  connections = 0;
  private readonly faults = new FaultPlan();
  private readonly resets = new RepeatedResets();
  private readonly clock: Clock;
  private readonly stores = new Map<string, SimulatedFiles>();
  private readonly batchLists = new Map<string, SimulatedBatches>();
  private readonly runLists = new Map<string, SimulatedRuns>();
  private readonly services: readonly SimulatedService[];
  private readonly rows: RowAnswers;
  private nextId = 0;

  private constructor(
    private readonly server: Server,
    private readonly options: SimulatorOptions,
    halves: readonly ServerHalf[],
  ) {
    this.clock = options.clock ?? systemClock;
    this.services = simulatedServices(
      (endpoint) => this.files(endpoint),
      (endpoint) => this.batches(endpoint),
      (endpoint) => this.runs(endpoint),
      options.voices ?? ["simulated"],
    );
    this.rows = new RowAnswers(halves, options.answer ?? simulatedAnswer, () => this.clock.now());
  }

  /** Starts one. @throws {AiLibError} `CONFIG_ERROR` for an unknown option. */
  static async start(options: SimulatorOptions = {}): Promise<Simulator> {
    refuseUnknown("simulator option", options, OPTION_NAMES);
    const halves = await serverHalves();
    const server = http.createServer();
    const simulator = new Simulator(server, options, halves);
    simulator.listen(halves);
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(options.port ?? 0, "127.0.0.1", resolve);
    });
    return simulator;
  }

  /** Scheme, host and port. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /**
   * A base URL below which every dialect is served. Each endpoint has faults and a log of its own, so that one
   * simulator can represent many providers.
   * @param dialect use this one for every path; needed if two dialects share a path, such as `mistral-chat`, and for
   *   providers with paths of their own.
   */
  baseUrl(endpoint: string, dialect?: DialectId): string {
    return `${this.url}/@${encodeURIComponent(endpoint)}${dialect === undefined ? "" : `/~${dialect}`}`;
  }

  /** Scripts the next attempts at an endpoint, one fault each; `undefined` is an attempt without a fault. */
  script(endpoint: string, faults: readonly (Fault | undefined)[]): void {
    this.faults.script(endpoint, faults);
  }

  /** Gives every attempt at an endpoint this fault after its script has ended; `undefined` removes the fault. */
  always(endpoint: string, fault: Fault | undefined): void {
    this.faults.always(endpoint, fault);
  }

  /** Gives attempts at an endpoint these faults in turn, again and again, after its script has ended. */
  cycle(endpoint: string, faults: readonly (Fault | undefined)[]): void {
    this.faults.cycle(endpoint, faults);
  }

  /** Forgets the requests that have ended. */
  forget(): void {
    for (const list of [this.attempts, this.otherAttempts])
      for (let i = list.length - 1; i >= 0; i--) if (list[i]?.endedAt !== undefined) list.splice(i, 1);
    this.serviceAttempts.length = 0;
  }

  /** Attempts at one endpoint. @param kind of this kind. Default: chats. */
  at<K extends Kind = "chat">(endpoint: string, kind = "chat" as K): readonly SimulatedAttempt<K>[] {
    const all: readonly SimulatedAttempt<Kind>[] = kind === "chat" ? this.attempts : this.otherAttempts;
    const found = all.filter((attempt) => attempt.endpoint === endpoint && attempt.kind === kind);
    return found as readonly SimulatedAttempt<Kind>[] as readonly SimulatedAttempt<K>[];
  }

  /** The file store of an endpoint, which OpenAI's, Anthropic's, Gemini's and Mistral's requests for files share. */
  files(endpoint: string): SimulatedFiles {
    const store = this.stores.get(endpoint) ?? new SimulatedFiles(this.clock);
    this.stores.set(endpoint, store);
    return store;
  }

  /**
   * The batches of an endpoint, which OpenAI's, Anthropic's, Gemini's and Mistral's requests for batches share. `plan` sets
   * the course of the next ones. Requests for batches also get the faults of the endpoint.
   */
  batches(endpoint: string): SimulatedBatches {
    const list = this.batchLists.get(endpoint) ?? new SimulatedBatches(endpoint, this.clock, this.rows);
    this.batchLists.set(endpoint, list);
    return list;
  }

  /** The responses that run in the background at an endpoint. `questions` says how long the next ones take. */
  runs(endpoint: string): SimulatedRuns {
    const list = this.runLists.get(endpoint) ?? new SimulatedRuns(this.clock);
    this.runLists.set(endpoint, list);
    return list;
  }

  /** Stops listening and closes every connection. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private listen(halves: readonly ServerHalf[]): void {
    this.server.on("connection", (socket) => {
      this.connections++;
      socket.once("close", () => {
        this.connections--;
      });
    });
    const listener = serve({
      halves,
      facts: ({ request }) => ({
        id: `sim-${++this.nextId}`,
        created: this.clock.now(),
        ...(request.model === undefined ? {} : { model: request.model }),
      }),
      models: () =>
        (this.options.models ?? ["simulated"]).map((id): ModelInfo => ({ id, provider: "simulator" })),
      handle: (call) => this.handle(call, call.endpoint ?? DEFAULT_ENDPOINT),
      route: (head) => {
        const [, endpoint, dialect, path] = ENDPOINT.exec(head.path) ?? [];
        if (endpoint === undefined || path === undefined) return { path: head.path };
        const half = halves.find(({ id }) => id === dialect);
        return { path, half, endpoint: decodeURIComponent(endpoint) };
      },
    });
    this.server.on("request", (request, response) => {
      if (!this.serve(halves, request, response)) listener(request, response);
    });
  }

  /** Answers a request for a service. @returns false for any other request. */
  private serve(halves: readonly ServerHalf[], request: IncomingMessage, response: ServerResponse): boolean {
    const [pathname = "/", query = ""] = (request.url ?? "/").split("?", 2);
    const [, place, named, below] = ENDPOINT.exec(pathname) ?? [];
    const endpoint = place === undefined ? DEFAULT_ENDPOINT : valueOr(place, () => decodeURIComponent(place));
    const head: ServiceHead = {
      endpoint,
      dialect: halves.find(({ id }) => id === named)?.id,
      method: request.method ?? "GET",
      path: below ?? pathname,
      // A getter, because most requests are calls, which do not need it.
      get query() {
        return Object.fromEntries(new URLSearchParams(query));
      },
      headers: request.headers as Readonly<Record<string, string>>,
    };
    for (const service of this.services) {
      const spoken = service.serves(head);
      const half = halves.find(({ id }) => id === spoken);
      if (half === undefined) continue;
      const base = pathname.slice(0, pathname.length - head.path.length);
      const host = { clock: this.clock, baseUrl: `${this.url}${base}`, nextId: () => ++this.nextId };
      const fault = this.faults.next(endpoint);
      const startedAt = this.clock.now();
      const { method, path } = head;
      answerService(request, response, { service, head, host, half, fault, clock: this.clock }).then(
        (status) => this.serviceAttempts.push({ endpoint, method, path, startedAt, status }),
        // The client disconnected during its request.
        () => this.serviceAttempts.push({ endpoint, method, path, startedAt, status: undefined }),
      );
      return true;
    }
    return false;
  }

  private handle(call: ServedCall<NodeOutput>, endpoint: string): void {
    const { kind, request, mode, half, http } = call;
    if (this.resets.repeat(call, endpoint)) return;
    const fault = this.faults.next(endpoint) ?? this.unknownVoice(call);
    this.resets.note(call, endpoint, fault);
    const response =
      kind === "chat" ? this.chat(request, endpoint, fault) : this.answer(call as ServedCallOf<Kind>);
    const attempt: SimulatedAttempt<Kind> = {
      endpoint,
      dialect: half.id,
      kind,
      http,
      request,
      mode,
      fault,
      usage: (response as Partial<AnswerFacts>).usage ?? { inputTokens: 0, outputTokens: 0 },
      startedAt: this.clock.now(),
      frames: 0,
      outcome: "running",
    };
    if (kind === "chat") this.attempts.push(attempt as SimulatedAttempt);
    else this.otherAttempts.push(attempt as SimulatedAttempt<typeof kind>);
    this.watch(call.reply.output.response, attempt);
    const { pieceLength = 12 } = this.options;
    const given =
      call.kind === "chat" && fault?.status === undefined && wantsBackground(call)
        ? this.runs(endpoint).start(call, response as ChatResponse, `resp_sim${++this.nextId}`, pieceLength)
        : undefined;
    new FaultyReply({
      call: call as ServedCallOf<Kind, NodeOutput>,
      response,
      attempt,
      fault: { frameDelayMs: this.options.frameDelayMs, ...fault },
      clock: this.clock,
      pieceLength,
      given,
    }).play();
  }

  /** The refusal of a voice that is not among {@link SimulatorOptions.voices}. */
  private unknownVoice(call: ServedCall): Fault | undefined {
    const { voices } = this.options;
    if (voices === undefined || call.kind !== "speak") return undefined;
    const { voice } = call.request;
    if (typeof voice !== "string" || voices.includes(voice)) return undefined;
    const message = `Invalid voice '${voice}'. Supported values are: ${voices.join(", ")}`;
    return { error: { code: "INVALID_REQUEST", message, status: 400 } };
  }

  private chat(request: ChatRequest, endpoint: string, fault: Fault | undefined): ChatResponse {
    const answer = (this.options.answer ?? simulatedAnswer)(request, endpoint);
    return simulatedResponse(request, answer, fault?.id ?? `sim-${this.nextId}`);
  }

  /** A sample of another kind; the same one for the same request. */
  private answer({ request, laws }: ServedCallOf<Kind>): ResponseOf<Kind> {
    const model = (request as { readonly model?: string }).model ?? "simulated";
    const { inputTokens } = laws.estimate(request);
    return laws.respond(sampleReply({ laws, request } as Pick<Call, "laws" | "request">), [], {
      provider: "simulator",
      model,
      id: `sim-${++this.nextId}`,
      attempts: [],
      estimateInput: () => inputTokens,
    });
  }

  private watch(response: ServerResponse, attempt: SimulatedAttempt<Kind>): void {
    response.once("close", () => {
      attempt.endedAt = this.clock.now();
      if (attempt.outcome === "running") attempt.outcome = "left";
      this.options.onAttempt?.(attempt);
    });
  }
}

/** Starts a simulator; see {@link Simulator}. */
export function startSimulator(options?: SimulatorOptions): Promise<Simulator> {
  return Simulator.start(options);
}
