import type { BatchService } from "../../core/contract/batch-service.js";
import { type Call, type CallOptions, callWith, contextOf } from "../../core/contract/call.js";
import { modelOf } from "../../core/contract/call-facts.js";
import { deferredFlow } from "../../core/contract/deferred-flow.js";
import type { ClientHalf, DialectId, DialectTarget, KindCodec } from "../../core/contract/dialect.js";
import type { FileStore, StoredFile } from "../../core/contract/file.js";
import { abortFlow, pauseFlow, resumeFlow } from "../../core/contract/flows.js";
import { ignoreRejection } from "../../core/contract/guard.js";
import type { JobService } from "../../core/contract/job.js";
import {
  type MediaFetchOptions,
  type ResolvedMediaFetch,
  resolveMediaFetch,
} from "../../core/contract/media-fetch.js";
import { type Flow, failLater, type Sink } from "../../core/contract/sink.js";
import type {
  HeaderFields,
  HttpRequest,
  Transport,
  TransportRequest,
} from "../../core/contract/transport.js";
import type { FileUpload, UploadOptions } from "../../core/contract/upload.js";
import { closeContent } from "../../core/contract/upload.js";
import { AiLibError } from "../../core/errors/error.js";
import { NotLoaded, OnDemand } from "../../core/errors/on-demand.js";
import type { KindLaws } from "../../core/kinds/laws.js";
import type { AttemptRun } from "../../core/run/attempt.js";
import type { LeafFacts } from "../../core/run/attempt-record.js";
import { OpenProvider } from "../../core/run/compose.js";
import { callForTarget } from "../../core/run/for-target.js";
import { missingKind } from "../../core/run/member.js";
import { openAttempt } from "../../core/run/open-attempt.js";
import type { Mutable } from "../../core/values/answer.js";
import type { Kind } from "../../core/values/kinds.js";
import type { ModelFacts, ModelInfo } from "../../core/values/model.js";
import { matchesModel } from "../../core/values/model-pattern.js";
import type { VoiceInfo } from "../../core/values/speech.js";
import type { Target } from "../../core/values/target.js";
import { kindsOfData, type ProviderData } from "./data.js";
import { type EncodedCall, encodeChatCall } from "./encode.js";
import { type Endpoint, type EndpointOptions, resolveEndpoint } from "./endpoint.js";
import { variablePrefix } from "./environment.js";
import { openExchange, replyStreams } from "./exchange.js";
import { hasTools } from "./has-tools.js";
import type { MediaInlining } from "./inline-media.js";
import type { RequestForms } from "./pass-original.js";
import type { PieceRun } from "./pieces.js";
import { EndpointRequests, type Renewal } from "./requests.js";
import type { Means, Sending } from "./sending.js";
import type { ServiceHost, Services } from "./service-host.js";
import type { ServiceRequests } from "./service-requests.js";
import { fillPath } from "./template.js";
import type { TokenClient } from "./token-client.js";
import { defaultTransport } from "./transport.js";

/** What fetches the media of requests. */
const mediaInlining = new OnDemand("media at URLs", () =>
  import("./inline-media.js").then(({ inlineMedia }) => inlineMedia),
);

/** What computes costs. A provider whose models have prices loads it before its first request. */
export const costs = new OnDemand("costs", () =>
  import("../../core/values/price.js").then(({ costOf }) => costOf),
);

const PREFILLS: ModelFacts = { prefill: true };

/** Settings of one provider object, which override its data. `D` is the dialect, which determines its quirks. */
export interface ProviderOptions<D extends DialectId = DialectId> extends EndpointOptions<D> {
  /** Sends the requests. Default: `node:http` on Node, `fetch` elsewhere. */
  readonly transport?: Transport | undefined;
  /**
   * Fetches media at URLs and sends their bytes, if the provider does not accept URLs. An option of a call overrides it.
   * See {@link CallOptions.fetchMedia}. Default false.
   */
  readonly fetchMedia?: boolean | MediaFetchOptions | undefined;
}

/** Where a provider finds the translations that it needs, so that a bundle can do without those that it does not. */
export interface Loaders {
  /** The client half of a dialect, or a promise of it. */
  dialectClient(id: DialectId): ClientHalf | Promise<ClientHalf>;
  /** The codec of an API that belongs to no dialect. */
  loadKindApi(kind: Kind, api: string): Promise<KindCodec<Kind>>;
  /**
   * What a provider does besides calls. Absent: it has no files, no batches and no jobs.
   * @internal
   */
  readonly services?: Services;
}

/** What only some calls need. */
interface CallParts {
  readonly tools?: boolean;
  readonly streams?: boolean;
  /** Media at URLs may be fetched. */
  readonly media?: boolean;
  /** The bytes of a server's client may pass. */
  readonly passes?: boolean;
}

type KindCalls = typeof import("./kind-calls.js");
type Passing = typeof import("./pass-original.js");

/** The provider of one endpoint, with one key and one dialect. {@link defineProvider} creates it. */
export class DialectProvider extends OpenProvider {
  readonly name: string;
  readonly target: Target;
  readonly priceId: string | undefined;
  readonly telemetryName: string | undefined;
  // Private fields do not appear in JSON or when the object is printed: they contain the credential.
  readonly #endpoint: Endpoint;
  readonly #requests: EndpointRequests;
  private readonly given: Transport | undefined;
  readonly #fetchMedia: ResolvedMediaFetch | false | undefined;
  readonly #leaf: LeafFacts;
  readonly #kinds: ReadonlySet<string>;
  readonly #forms: RequestForms = new Map();
  private ready: Means | undefined;
  /** How each kind besides chat is written and read, once a call of it was made. */
  private readonly codecs = new Map<Kind, KindCodec<Kind>>();
  /** Loaded with the first call of another kind than chat. */
  private kindCalls: KindCalls | undefined;
  /** The code of streams is loaded. */
  private streams = false;
  /** Loaded with the first call of a server whose client's bytes may pass. */
  private passing: Passing | undefined;

  /** @throws {AiLibError} `CONFIG_ERROR` as {@link defineProvider} does. */
  constructor(
    readonly data: ProviderData,
    options: ProviderOptions,
    private readonly loaders: Loaders,
  ) {
    super();
    const { transport, fetchMedia, ...rest } = options;
    this.given = transport;
    this.#fetchMedia = resolveMediaFetch(fetchMedia);
    this.#endpoint = resolveEndpoint(data, rest, tokenClient(transport));
    this.#requests = new EndpointRequests(this.#endpoint);
    this.name = data.id;
    this.target = this.#endpoint.target;
    this.priceId = data.priceId ?? undefined;
    this.telemetryName = data.telemetryName;
    this.#kinds = new Set(kindsOfData(data));
    const { models, prices, server } = this.#endpoint;
    this.#leaf = {
      provider: this,
      target: this.target,
      price: (model) => models[model]?.price,
      listCost(model, usage, tier) {
        const price = models[model]?.price;
        return price && costs.get()(usage, price, { tier, priceOf: (other) => models[other]?.price });
      },
      cost: (model, usage, at, tier) => prices?.cost(this.name, model, usage, at, this.priceId, tier),
      server,
      headFirst: data.headFirst,
    };
  }

  override kinds(): ReadonlySet<string> {
    return this.#kinds;
  }

  open(call: Call, sink: Sink): Flow {
    // Layers check the kinds of their members except chat, which most have.
    const lack = this.#kinds.has(call.kind) ? undefined : missingKind(this, call);
    if (lack !== undefined) return failLater(sink, lack);
    const { ready } = this;
    if (ready !== undefined && !this.lacksParts(call, ready))
      return openAttempt(this.#leaf, call, sink, (run) => this.start(call, run, ready));
    // Begun here, since the attempt may load code of its own before it starts.
    const preparing = this.prepare(call.kind, this.partsOf(call));
    ignoreRejection(preparing);
    return openAttempt(this.#leaf, call, sink, (run) =>
      deferredFlow(
        preparing,
        (means) => this.start(call, run, means),
        (error) => run.fail(AiLibError.from(error)),
      ),
    );
  }

  /** Whether something must be loaded before a call can be sent. */
  private lacksParts(call: Call, { replyTools }: Means): boolean {
    return (
      (call.mode === "stream" && !this.streams) ||
      (mediaInlining.loaded === undefined && this.fetchesMedia(call)) ||
      (call.kind !== "chat" && !this.codecs.has(call.kind)) ||
      (replyTools === undefined && hasTools(call)) ||
      (call.context.original !== undefined && this.passing === undefined)
    );
  }

  facts(model?: string): ModelFacts | undefined {
    const id = model ?? this.target.model;
    if (id === undefined) return undefined;
    const { models, prices } = this.#endpoint;
    const known = models[id] ?? this.unlistedFacts(id);
    if (prices === undefined || known?.price !== undefined) return known;
    const price = prices.price(this.name, id, undefined, this.priceId);
    ignoreRejection(price);
    return price === undefined ? known : { ...known, price };
  }

  /** What the provider's data says of a model that is not in its list. */
  private unlistedFacts(id: string): ModelFacts | undefined {
    const prefills = this.data.prefill?.some((pattern) => matchesModel(pattern, id)) ?? false;
    return prefills ? PREFILLS : undefined;
  }

  /** @throws {AiLibError} `UNSUPPORTED_FEATURE` if the endpoint lists no models; otherwise the errors of a call. */
  async listModels(options?: CallOptions): Promise<ModelInfo[]> {
    const { listModels } = await import("./lists.js");
    return listModels(this.serviceHost(), options);
  }

  /**
   * The voices that its requests for speech can name: the list of the API, else those of the provider's data.
   * @throws {AiLibError} `UNSUPPORTED_FEATURE` if neither has any; otherwise the errors of a call.
   */
  async listVoices(options?: CallOptions): Promise<VoiceInfo[]> {
    const { listVoices } = await import("./lists.js");
    return listVoices(this.serviceHost(), options);
  }

  /** The file store of the provider; undefined if its data or its bundle has none. */
  get files(): FileStore | undefined {
    return this.loaders.services?.files(this.serviceHost());
  }

  /**
   * Uploads a file to the provider's store, as a stream. Refer to it in a part as `uploaded`.
   * @throws {AiLibError} `UNSUPPORTED_FEATURE` if the provider has no store, `FILE_ERROR` for a file that exceeds the
   *   limit; otherwise the errors of a call.
   */
  async uploadFile(file: FileUpload, options: UploadOptions = {}): Promise<StoredFile> {
    const { files } = this;
    if (files !== undefined) return files.upload(file, options);
    closeContent(file.content);
    throw new AiLibError({
      code: "UNSUPPORTED_FEATURE",
      message: `${this.name} has no file store; send the file's bytes in the message`,
      target: this.target,
      local: true,
    });
  }

  /** The batches of the vendor; undefined if the data of the provider or its bundle has none. */
  get batches(): BatchService | undefined {
    return this.loaders.services?.batches(this.serviceHost());
  }

  /** Jobs that take longer than one request; `startRun` in `ai-lib/jobs` starts them. Undefined if the bundle has none. */
  get jobs(): JobService | undefined {
    return this.loaders.services?.jobs(this.serviceHost());
  }

  private serviceHost(): ServiceHost {
    const requests = this.#requests;
    return {
      provider: this,
      leaf: this.#leaf,
      variables: this.#endpoint.variables,
      requests: this.services,
      model: (kind) => this.defaultModel(kind),
      target: (model, now, kind) => this.dialectTarget(model, now, kind),
      place: (http, call, model) => this.placed(http, call, model),
      codec: async (kind) => {
        const { half } = await this.prepare(kind);
        return { half, codec: this.codecs.get(kind) };
      },
      prepare: () => this.prepare("chat", { tools: true, streams: true }),
      make: (http, headers, context) => requests.make(http, headers, context),
      exchange: (parts, http, headers) => this.send(parts, http, headers),
    };
  }

  /** Requests the list of models, which is free. Resolves if the endpoint accepts the key. */
  async checkHealth(options?: CallOptions): Promise<void> {
    await this.listModels(options);
  }

  async close(): Promise<void> {
    await this.given?.close?.();
  }

  /** Requests outside of calls, whose code is loaded at the first of them. */
  private get services(): Pick<ServiceRequests, "send" | "read"> {
    const load = async (): Promise<ServiceRequests> => {
      const [means, { ServiceRequests }] = await Promise.all([
        this.ready ?? this.prepare(),
        import("./service-requests.js"),
      ]);
      return new ServiceRequests({
        ...means,
        requests: this.#requests,
        target: this.target,
        dialectTarget: (now) => this.dialectTarget(this.target.model ?? "", now),
      });
    };
    return {
      send: async (http, context, decode) => (await load()).send(http, context, decode),
      read: async (http, context) => (await load()).read(http, context),
    };
  }

  /**
   * Loads what calls of a kind need.
   * @param parts what only some calls need. Default: nothing
   */
  private async prepare(kind: Kind = "chat", parts: CallParts = {}): Promise<Means> {
    const { tools = false, streams = false, media = false, passes = false } = parts;
    const known = this.ready?.replyTools;
    const [half, transport, api, kindCalls, passing, replyTools] = await Promise.all([
      this.loadDialect(streams),
      this.given ?? defaultTransport(),
      this.loadApi(kind),
      this.kindCalls ?? (kind === "chat" ? undefined : import("./kind-calls.js")),
      this.passing ?? (passes ? import("./pass-original.js") : undefined),
      known ?? (tools ? import("./reply-tools.js") : undefined),
      streams ? replyStreams.ready() : undefined,
      media ? mediaInlining.ready() : undefined,
      this.hasPrices ? costs.ready() : undefined,
    ]);
    // Another call may have loaded more meanwhile.
    this.kindCalls ??= kindCalls;
    this.passing ??= passing;
    this.streams ||= streams;
    this.ready = { half, transport, replyTools: this.ready?.replyTools ?? replyTools };
    const served = kind !== "chat" && this.data.kinds?.[kind] !== undefined;
    const codec = api ?? (served ? (half.kinds?.[kind] as KindCodec<Kind> | undefined) : undefined);
    if (codec !== undefined) this.codecs.set(kind, codec);
    return this.ready;
  }

  private partsOf(call: Call): CallParts {
    return {
      tools: hasTools(call),
      streams: call.mode === "stream",
      media: this.fetchesMedia(call),
      passes: call.context.original !== undefined,
    };
  }

  private fetchesMedia({ kind, context }: Call): boolean {
    return kind === "chat" && Boolean(context.fetchMedia ?? this.#fetchMedia);
  }

  private get hasPrices(): boolean {
    return Object.values(this.#endpoint.models).some(({ price }) => price !== undefined);
  }

  /** @param streams with its code of streams */
  private async loadDialect(streams: boolean): Promise<ClientHalf> {
    const half = await this.loaders.dialectClient(this.data.dialect);
    if (streams) await half.load?.("stream");
    return half;
  }

  private async loadApi(kind: Kind): Promise<KindCodec<Kind> | undefined> {
    const api = kind === "chat" ? undefined : this.data.kinds?.[kind]?.api;
    if (api === undefined) return undefined;
    return this.loaders.loadKindApi(kind, api);
  }

  private start(call: Call, run: AttemptRun<Kind>, means: Means): Flow {
    const model = modelOf(call) ?? this.defaultModel(call.kind);
    if (model === undefined) {
      throw new AiLibError({
        code: "CONFIG_ERROR",
        message: `No model for "${this.name}": name one in the request, pass a default, or set ${variablePrefix(this.name)}_MODEL`,
        local: true,
      });
    }
    run.resolveModel(model);
    const target = this.dialectTarget(model, run.startedAt, call.kind);
    const { half, transport, replyTools } = means;
    if (call.kind === "chat" || this.kindCalls === undefined)
      return this.exchange(
        { half, codec: undefined, call, run, target, transport, replyTools, model, names: undefined },
        run.headers,
      );
    const codec = this.codecs.get(call.kind);
    if (codec === undefined && call.kind === "countTokens") return this.kindCalls.estimateCount(call, run);
    if (codec === undefined) throw this.lacks(call.kind);
    if (codec.pieces === undefined)
      return this.exchange(
        { half, codec, call, run, target, transport, replyTools, model, names: undefined },
        run.headers,
      );
    const requests = codec.pieces.cut(call.request, target);
    const send = (one: Call, piece: PieceRun) =>
      this.exchange({ call: one, run: piece, codec, target, model, ...means }, run.headers);
    return requests.length === 1
      ? send(call, run)
      : this.kindCalls.openPieces(
          codec.pieces,
          requests,
          run,
          (request, piece) => send(callWith(call, { request }), piece),
          (reply) => (call.laws as unknown as KindLaws).respond(reply, [], run),
        );
  }

  /** Encodes a call, or a piece of one, and sends it. */
  private exchange(given: Sending, headers: HeaderFields): Flow {
    const { half, codec, target, run, model } = given;
    const parts = codec === undefined ? given : this.forTarget(given);
    const { call } = parts;
    const { kindCalls } = this;
    const fetching = call.context.fetchMedia ?? this.#fetchMedia;
    const inlining =
      codec === undefined || kindCalls === undefined
        ? fetching && mediaInlining.get()(call, half, target, fetching)
        : kindCalls.inlineKindMedia(
            call,
            () => kindCalls.encodeKindCall(codec, call, target),
            target,
            fetching,
          );
    if (inlining) return this.inlined(inlining, parts, headers);
    const passed =
      call.context.original &&
      this.passing?.passOriginal(call, { half, codec, data: this.data, target, forms: this.#forms });
    if (passed !== undefined) {
      run.tap = call.context.original?.tap(passed.addsUsage);
      return this.send(parts, this.placed(passed.http, call, model), over(passed.headers, headers));
    }
    if (codec === undefined || kindCalls === undefined) {
      const encoded = this.encoded(parts, headers);
      if (!("http" in encoded)) return encoded;
      const { http, warnings, names } = encoded;
      for (const warning of warnings) run.warn(warning);
      const placed = this.placed(http, call, model);
      // The usual call makes no closures and no copies.
      return this.send(names === undefined ? parts : { ...parts, names }, placed, headers);
    }
    const { http, warnings } = kindCalls.encodeKindCall(codec, call, target);
    for (const warning of warnings) run.warn(warning);
    const placed = this.placed(http, call, model);
    const open = (next: HttpRequest, step: KindCodec<Kind>, piece: PieceRun) =>
      this.send({ ...parts, codec: step, run: piece }, next, headers);
    const start = (one: PieceRun) =>
      codec.job === undefined
        ? this.send({ ...parts, run: one }, placed, headers)
        : kindCalls.openJob(codec.job, placed, call, one, target, open);
    return kindCalls.withDownloads(call, run, start, open);
  }

  /** A chat as its request, or the flow of the call where code is loaded for that. */
  private encoded(parts: Sending, headers: HeaderFields): EncodedCall | Flow {
    const { half, call, target, model, run } = parts;
    try {
      return encodeChatCall(half, call, target, this.facts(model));
    } catch (error) {
      if (!(error instanceof NotLoaded)) throw error;
      return deferredFlow(
        error.load(),
        () => this.exchange(parts, headers),
        (reason) => run.fail(AiLibError.from(reason)),
      );
    }
  }

  private forTarget(parts: Sending): Sending {
    const { call: asked, target, run } = parts;
    const call = callForTarget(asked, target, (warning) => run.warn(warning));
    return call === asked ? parts : { ...parts, call };
  }

  /** Sends a call once its media have been fetched. */
  private inlined(inlining: MediaInlining, parts: Sending, headers: HeaderFields): Flow {
    const flow = deferredFlow(
      inlining.request,
      (call) => this.exchange({ ...parts, call }, headers),
      (error) => parts.run.fail(AiLibError.from(error)),
    );
    return {
      pause: () => pauseFlow(flow),
      resume: () => resumeFlow(flow),
      abort(reason) {
        inlining.stop();
        return abortFlow(flow, reason);
      },
    };
  }

  /** Sends an encoded request. */
  private send(parts: Sending, http: HttpRequest, headers: HeaderFields): Flow {
    const { call, run } = parts;
    const renewal = this.#requests.hasTokens
      ? this.#requests.renewal(() => this.#requests.make(http, headers, call.context))
      : undefined;
    const ready = this.#requests.make(http, headers, call.context);
    return ready instanceof Promise
      ? deferredFlow(
          ready,
          (request) => this.transmit(parts, request, renewal),
          (error) => run.fail(AiLibError.from(error)),
        )
      : this.transmit(parts, ready, renewal);
  }

  /** Sends a request with its credentials. */
  private transmit(parts: Sending, request: TransportRequest, renewal: Renewal | undefined): Flow {
    const { half, codec, call, target, run, transport, replyTools, names } = parts;
    const mask = this.#requests.mask(request, transport);
    run.secrets = mask;
    // The request is encoded; the pieces of one have the same secrets.
    target.redact = mask.redact;
    return openExchange({
      half,
      codec,
      call,
      run,
      target,
      transport,
      request,
      url: request.url,
      models: this.#endpoint.models,
      resend: renewal && ((error) => this.resend(parts, request, renewal, error)),
      replyTools,
      names,
    });
  }

  /** Sends a request again whose token was refused; undefined where that is of no use. */
  private resend(
    parts: Sending,
    refused: TransportRequest,
    renewal: Renewal,
    error: AiLibError,
  ): Flow | undefined {
    const renewed = renewal(refused);
    return (
      renewed &&
      deferredFlow(
        renewed.then((again) => again ?? Promise.reject(error)),
        (request) => this.transmit(parts, request, renewal),
        (reason) => parts.run.fail(AiLibError.from(reason)),
      )
    );
  }

  private lacks(kind: Kind): AiLibError {
    return new AiLibError({
      code: "UNSUPPORTED_FEATURE",
      message: `The dialect ${this.data.dialect} has no requests of the kind "${kind}"`,
      local: true,
    });
  }

  /** The model of a request that names none: the chosen one for the provider's first kind, else that of the kind. */
  private defaultModel(kind: Kind): string | undefined {
    const { chat, kinds = {} } = this.data;
    const first = chat === false ? Object.keys(kinds)[0] : "chat";
    const chosen = kind === first || kind === "countTokens" ? this.target.model : undefined;
    return chosen ?? (kind === "chat" ? undefined : kinds[kind]?.model);
  }

  /** The request at the provider's own path, if it has one. */
  private placed(http: HttpRequest, call: Call, model: string): HttpRequest {
    const { path, streamPath, kinds } = this.data;
    const chatPath = call.mode === "stream" ? (streamPath ?? path) : path;
    const own = call.kind === "chat" ? chatPath : kinds?.[call.kind]?.path;
    return own === undefined
      ? http
      : { ...http, path: fillPath(own, { ...this.#endpoint.variables, model }) };
  }

  /** @param now epoch milliseconds */
  private dialectTarget(model: string, now: number, kind?: Kind): Mutable<DialectTarget> {
    const { quirks, account } = this.#endpoint;
    const provider = this.name;
    const target: Mutable<DialectTarget> =
      account === undefined ? { provider, model, quirks, now } : { provider, model, quirks, now, account };
    return kind === "speak" ? { ...target, ...this.voiceFacts() } : target;
  }

  private voiceFacts(): Pick<DialectTarget, "voices" | "voiceNames"> {
    const { voices } = this.data.kinds?.speak ?? {};
    const { voices: voiceNames } = this.#endpoint;
    return {
      ...(voices === undefined ? {} : { voices }),
      ...(voiceNames === undefined ? {} : { voiceNames }),
    };
  }
}

/** Headers with others over them; the same object where there are no others. */
function over(headers: HeaderFields, others: HeaderFields): HeaderFields {
  for (const _ in others) return { ...headers, ...others };
  return headers;
}

/** Requests tokens over the provider's own transport, so that its proxy is used. */
function tokenClient(given: Transport | undefined): TokenClient {
  const context = contextOf();
  return {
    now: () => context.clock.now(),
    async send(url, form) {
      const headers = { "content-type": "application/x-www-form-urlencoded" };
      const [transport, { requestOnce }] = await Promise.all([
        given ?? defaultTransport(),
        import("./request-once.js"),
      ]);
      return requestOnce(transport, { url, method: "POST", headers, body: form }, contextOf());
    },
  };
}
