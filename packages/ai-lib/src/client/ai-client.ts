import type { BatchRoute } from "../batches/job-host.js";
import type { BatchItem, BatchOptions } from "../core/contract/batch.js";
import type { BatchJobs, BatchJobsOptions } from "../core/contract/batch-job.js";
import { type Call, type CallOptions, contextOf } from "../core/contract/call.js";
import { modelOf, withModel } from "../core/contract/call-facts.js";
import type { StoredFile } from "../core/contract/file.js";
import { requireObserver } from "../core/contract/observer.js";
import type { ChatProvider } from "../core/contract/provider.js";
import { requireProvider } from "../core/contract/require-provider.js";
import type { Flow, Sink } from "../core/contract/sink.js";
import type { ChatStream } from "../core/contract/stream.js";
import { lastingTimeouts } from "../core/contract/timeouts.js";
import type { ToolRun } from "../core/contract/tool-run.js";
import type { UploadOptions } from "../core/contract/upload.js";
import { AiLibError } from "../core/errors/error.js";
import { overlay, refuseUnknown } from "../core/errors/options.js";
import { runBatch } from "../core/run/batch.js";
import { Composition, failedStream } from "../core/run/compose.js";
import { openMember } from "../core/run/member.js";
import { snapshotRequest } from "../core/run/snapshot.js";
import { type ChatInput, toChatRequest } from "../core/values/chat-request.js";
import type { ChatResponse } from "../core/values/chat-response.js";
import type { CountTokensResponse } from "../core/values/count-tokens.js";
import type { EmbedRequest, EmbedResponse } from "../core/values/embedding.js";
import type { ModelFacts, ModelInfo } from "../core/values/model.js";
import type { TranscribeRequest, TranscribeResponse } from "../core/values/transcription.js";
import { type Alias, type AliasTarget, resolveAliases } from "./aliases.js";
import type { ContentSource } from "./content.js";
import { ClientFiles, type StoreChoice } from "./files.js";
import { LazyBatchJobs } from "./lazy-batch-jobs.js";
import type { MediaHints, MediaSource } from "./media-source.js";
import { askObject, streamObject } from "./object.js";
import type { ObjectOptions, ObjectResult, ObjectStream } from "./object-types.js";
import type { ResumedRun, RunToolsOptions, RunToolsRest } from "./run-tools-options.js";
import type { AnySchema, OutputOf } from "./standard-schema.js";
import type { AnyRunnableTool } from "./tool.js";
import { LoopRun } from "./tool-run.js";

/** Defaults that a client adds to every call. An option of the call overrides them. */
export interface ClientDefaults extends Omit<CallOptions, "signal" | "context" | "sessionId"> {
  /** The model for requests that name none. Default: each target's own default. */
  readonly model?: string | undefined;
  /**
   * Names that you define for targets: with `{ fast: "groq/openai/gpt-oss-20b" }`, a request for the model `fast` goes to
   * that target, whatever the client's provider is. An alias takes precedence over a model of the same name.
   */
  readonly aliases?: Readonly<Record<string, AliasTarget>> | undefined;
  /** Where batch jobs are stored. Default: the folder `.ai-lib/batches` in the working directory. */
  readonly batches?: BatchJobsOptions | undefined;
}

const DEFAULT_NAMES: ReadonlySet<string> = new Set([
  "model",
  "aliases",
  "batches",
  "timeouts",
  "maxAttempts",
  "maxRepeats",
  "strict",
  "midStream",
  "headers",
  "includeRaw",
  "fetchMedia",
  "observer",
  "prices",
  "clock",
  "random",
] satisfies (keyof ClientDefaults)[]);

/**
 * The main interface for applications. A client wraps one {@link ChatProvider} and contains no vendor-specific code:
 * routing, failover and resilience are in the provider. A client is a provider too, so it can be a member of a strategy.
 *
 * @example
 * const client = new AiClient(provider("groq/openai/gpt-oss-120b"));
 * const { text } = await client.chat("Why is the sky blue?");
 */
export class AiClient extends Composition {
  readonly name: string;
  readonly members: readonly ChatProvider[];
  /** The file stores of its providers: upload, list, read and delete. */
  readonly files: ClientFiles;

  /** The defaults of the client that are options of a call. */
  private readonly callDefaults: Omit<ClientDefaults, "model" | "aliases" | "batches">;
  private lazyBatchJobs: BatchJobs | undefined;
  private readonly aliases: ReadonlyMap<string, Alias> | undefined;

  /** @throws {AiLibError} `CONFIG_ERROR` for an argument that is no provider, or an unknown or wrong default. */
  constructor(
    /** The provider that this client calls. */
    readonly provider: ChatProvider,
    private readonly defaults: ClientDefaults = {},
  ) {
    super();
    requireProvider("AiClient", provider);
    requireObserver(defaults.observer);
    refuseUnknown("client default", defaults, DEFAULT_NAMES);
    const { model: _model, aliases, batches: _batches, ...rest } = defaults;
    const callDefaults =
      rest.timeouts === undefined ? rest : { ...rest, timeouts: lastingTimeouts(rest.timeouts) };
    // Finds a wrong value here and not at the first call; the randomness of the user stays untouched.
    contextOf({ ...callDefaults, random: () => 0 });
    this.callDefaults = callDefaults;
    this.name = provider.name;
    this.aliases = aliases === undefined ? undefined : resolveAliases(aliases);
    const others = [...(this.aliases?.values() ?? [])].map((alias) => alias.provider);
    this.members = [...new Set([provider, ...others])];
    this.files = new ClientFiles(provider);
  }

  /** Sends a chat request and resolves to the complete answer. A string is one user message. */
  override chat(input: ChatInput, options?: CallOptions): Promise<ChatResponse> {
    return super.chat(toChatRequest(input), options);
  }

  /** Embeds a text, a list of texts, or the inputs of a whole request. */
  override embed(
    input: string | readonly string[] | EmbedRequest,
    options?: CallOptions,
  ): Promise<EmbedResponse> {
    return super.embed(toEmbedRequest(input), options);
  }

  /**
   * Transcribes speech from a path, bytes, a blob, a stream or a `URL`, or runs a whole request.
   * @throws {AiLibError} `FILE_ERROR` for a source that cannot be read; otherwise the errors of a call.
   */
  override async transcribe(
    input: ContentSource | TranscribeRequest,
    options?: CallOptions,
  ): Promise<TranscribeResponse> {
    return super.transcribe(await toTranscribeRequest(input), options);
  }

  /** Counts the input tokens of a chat. A string is one user message. */
  override countTokens(input: ChatInput, options?: CallOptions): Promise<CountTokensResponse> {
    return super.countTokens(toChatRequest(input), options);
  }

  /** Streams one answer. The client sends nothing until you read the stream. */
  override stream(input: ChatInput, options?: CallOptions): ChatStream {
    try {
      return super.stream(toChatRequest(input), options);
    } catch (error) {
      return failedStream(this.name, AiLibError.from(error, "CONFIG_ERROR"));
    }
  }

  /**
   * Sends a list of requests, `concurrency` at a time (default 8). The results are in the order of the requests. A
   * failure affects only its own item. An abort closes running requests; all requests that have not finished are
   * `CANCELLED`.
   */
  override async batch(inputs: readonly ChatInput[], options: BatchOptions = {}): Promise<BatchItem[]> {
    const requests = inputs.map((input) => snapshotRequest(toChatRequest(input)));
    // A batch of a provider's own cannot go to several targets.
    return this.aliases === undefined
      ? super.batch(requests, this.callOptions(options) as BatchOptions)
      : runBatch(this, requests, options);
  }

  /**
   * Batch jobs: requests of any kind that vendors answer later at a lower price. Jobs survive the process. For a list of
   * requests that you wait for, see {@link batch}.
   */
  get batchJobs(): BatchJobs {
    this.lazyBatchJobs ??= new LazyBatchJobs(
      {
        provider: this,
        route: (kind, model) => this.routeOf(kind, model),
        callOptions: (options) => this.callOptions(options),
      },
      this.defaults.batches,
    );
    return this.lazyBatchJobs;
  }

  /**
   * Asks for an object that fits a schema (JSON Schema, or a schema of zod, valibot, arktype or TypeBox) with any root
   * type. It uses the provider's structured output if there is one, otherwise a tool or JSON mode. It also reads JSON in
   * code fences and inside prose. If the object does not fit, it shows the model what is wrong and asks once more. With
   * `tools`, the model calls those first.
   * @throws {AiLibError} `INVALID_RESPONSE` with `issues` (path, message and value of each problem), the raw text in `body`
   *   and the answer in `partial`; `CONTENT_FILTERED` for a refusal.
   */
  object<S extends AnySchema, C = unknown>(
    schema: S,
    input: ChatInput,
    options?: ObjectOptions<C>,
  ): Promise<ObjectResult<OutputOf<S>>> {
    return askObject(this, schema, input, options as ObjectOptions | undefined);
  }

  /**
   * Streams an object: `partials` while the model writes it, `elements` of a list when each is complete, and `object()`,
   * which resolves to the complete, checked object.
   */
  streamObject<S extends AnySchema, C = unknown>(
    schema: S,
    input: ChatInput,
    options?: ObjectOptions<C>,
  ): ObjectStream<OutputOf<S>> {
    return streamObject(this, schema, input, options as ObjectOptions | undefined);
  }

  /**
   * Asks the model, runs the tools that it calls, and asks again until the model answers. Await the run for its result,
   * or iterate it for every event of every round. If a tool throws, a call is malformed or a tool is unknown, the model
   * receives an error. A run that paused, stopped or failed resumes from its `state`:
   * `client.runTools({ resume: state }, tools)`.
   * @throws {AiLibError} when you await or iterate the run: the errors of a call, with `toolRun` (the conversation so far,
   *   totals, and the state); `CANCELLED` on abort, without waiting for a tool that ignores the abort; `CONFIG_ERROR` if a
   *   callback throws.
   */
  runTools<C = unknown>(
    input: ChatInput | ResumedRun,
    tools: readonly AnyRunnableTool<C>[],
    ...rest: RunToolsRest<C>
  ): ToolRun {
    const [options = {}] = rest;
    return new LoopRun(this, input, tools, options as RunToolsOptions);
  }

  /**
   * Lists the models of its providers.
   * @param options `kind` leaves those that are known to answer calls of that kind: by the provider's list, or because
   *   the model is the default of that kind. Other options are those of a call.
   * @throws {AiLibError} as calls do.
   */
  override async listModels(options: CallOptions & { readonly kind?: string } = {}): Promise<ModelInfo[]> {
    const { kind, ...call } = options;
    const models = await super.listModels(call);
    return kind === undefined ? models : models.filter(({ kinds }) => kinds?.includes(kind) === true);
  }

  /**
   * Uploads a file to a provider's store as a stream. The source is a path, bytes, a blob or a stream. The client uploads
   * the same bytes to the same store only once. Use the result in a part: `{ type: "file", uploaded }`.
   * @throws {AiLibError} `FILE_ERROR` for a file that cannot be read or is too large, with the limit in the message;
   *   `UNSUPPORTED_FEATURE` if no provider of the client has a store; otherwise the errors of a call.
   */
  override uploadFile(
    source: MediaSource,
    options?: UploadOptions & MediaHints & StoreChoice,
  ): Promise<StoredFile> {
    return this.files.uploadOnce(source, options);
  }

  /** @see Composition.open: a client only fills in its default model. */
  open(call: Call, sink: Sink): Flow {
    const { model } = this.defaults;
    // The default is a chat model; calls of other kinds have their providers' own defaults.
    const keep =
      model === undefined ||
      (call.kind !== "chat" && call.kind !== "countTokens") ||
      modelOf(call) !== undefined;
    const named = keep ? call : withModel(call, model);
    const alias = this.aliasOf(modelOf(named));
    if (alias === undefined) return openMember(this.provider, named, sink);
    return openMember(alias.provider, withModel(named, alias.model), sink);
  }

  /** The facts of a model; for an alias, those of its target. */
  override facts(model?: string): ModelFacts | undefined {
    const alias = this.aliasOf(model ?? this.defaults.model);
    return alias === undefined ? this.provider.facts?.(model) : alias.provider.facts?.(alias.model);
  }

  /** Where rows of a batch go: to the target of an alias, or with the default model. */
  private routeOf(kind: string, model: string | undefined): BatchRoute {
    const named = model ?? (kind === "chat" ? this.defaults.model : undefined);
    const alias = this.aliasOf(named);
    return alias === undefined
      ? { provider: this.provider, model: named }
      : { provider: alias.provider, model: alias.model };
  }

  private aliasOf(model: string | undefined): Alias | undefined {
    return model === undefined ? undefined : this.aliases?.get(model);
  }

  /** A request of a batch that the provider answers itself gets the default model here. */
  protected override modelFor(_member: ChatProvider, model: string | undefined): string | undefined {
    return model ?? this.defaults.model;
  }

  /** Options of a call with this client's defaults, which an option of the call itself overrides. */
  callOptions(options?: CallOptions): CallOptions {
    if (options?.context !== undefined) return options;
    const defaults = this.callDefaults;
    if (options === undefined) return defaults;
    const merged: { -readonly [K in keyof CallOptions]: CallOptions[K] } = overlay<CallOptions>(
      defaults,
      options,
    );
    if (merged.timeouts !== undefined) merged.timeouts = overlay(defaults.timeouts, options.timeouts);
    if (merged.headers !== undefined) merged.headers = { ...defaults.headers, ...options.headers };
    return merged;
  }
}

function toEmbedRequest(input: string | readonly string[] | EmbedRequest): EmbedRequest {
  if (typeof input === "string") return { inputs: [input] };
  return Array.isArray(input) ? { inputs: input as readonly string[] } : (input as EmbedRequest);
}

async function toTranscribeRequest(input: ContentSource | TranscribeRequest): Promise<TranscribeRequest> {
  if (typeof input === "object" && input !== null && "audio" in input) return input;
  const { audio } = await import("./content.js");
  const { type: _type, ...source } = await audio(input);
  return { audio: source };
}
