import type { BatchItem, BatchOptions } from "../contract/batch.js";
import { type Call, type CallOptions, callOf, contextOf } from "../contract/call.js";
import { namesModel } from "../contract/call-facts.js";
import { deferredFlow } from "../contract/deferred-flow.js";
import type { StoredFile } from "../contract/file.js";
import { valueOr } from "../contract/guard.js";
import { Printable, printMembers } from "../contract/printable.js";
import { CHAT_ONLY, type ChatProvider, COUNTED } from "../contract/provider.js";
import { requireProvider } from "../contract/require-provider.js";
import { type Flow, failLater, type Open, type Sink } from "../contract/sink.js";
import type {
  ChatStream,
  ImageStream,
  KindStream,
  SpeechStream,
  TranscriptStream,
} from "../contract/stream.js";
import type { FileUpload, UploadOptions } from "../contract/upload.js";
import { AiLibError } from "../errors/error.js";
import { NotLoaded } from "../errors/on-demand.js";
import { chatLaws } from "../kinds/chat/laws.js";
import type { KindLaws } from "../kinds/laws.js";
import type { ChatRequest } from "../values/chat-request.js";
import type { ChatResponse } from "../values/chat-response.js";
import type { CountTokensRequest, CountTokensResponse } from "../values/count-tokens.js";
import type { DecideRequest, DecideResponse } from "../values/decision.js";
import type { EmbedRequest, EmbedResponse } from "../values/embedding.js";
import type { ImageRequest, ImageResponse } from "../values/image.js";
import type { Kind, RequestOf, ResponseOf } from "../values/kinds.js";
import type { ModelFacts, ModelInfo } from "../values/model.js";
import type { ModerateRequest, ModerateResponse } from "../values/moderation.js";
import type { OcrRequest, OcrResponse } from "../values/ocr.js";
import type { RerankRequest, RerankResponse } from "../values/rerank.js";
import type { SpeakRequest, SpeakResponse, VoiceInfo } from "../values/speech.js";
import type { Target } from "../values/target.js";
import type { TranscribeRequest, TranscribeResponse } from "../values/transcription.js";
import { runBatch } from "./batch.js";
import { CallStream } from "./call-stream.js";
import { checkedRequest } from "./checked-request.js";
import { EventStream } from "./event-stream.js";
import { type LoadedKind, lawsOf } from "./kind-laws.js";
import { SpokenStream, WrittenStream } from "./kind-streams.js";
import { LazyStream } from "./lazy-stream.js";
import { kindsOf, missingKind } from "./member.js";
import {
  batchOfMember,
  checkHealthOf,
  closeMembers,
  listModelsOf,
  listVoicesOf,
  modelInfoOf,
  uploadToMember,
} from "./member-services.js";
import { type Opener, UnaryRun } from "./run.js";
import { snapshotRequest } from "./snapshot.js";

/** A provider that is written as `open`; `chat` and `stream` are derived from it, here and nowhere else. */
export abstract class OpenProvider extends Printable implements ChatProvider {
  abstract readonly name: string;

  /** Its name, and its target or its members. */
  toJSON(): Readonly<Record<string, unknown>> {
    const { name, target, members } = this as ChatProvider;
    if (members !== undefined) return { name, members: printMembers(members) };
    return target === undefined ? { name } : { name, target };
  }

  /** Says, also across copies of the package, that `open` counts its own attempts: see {@link openMember}. */
  get [COUNTED](): true {
    return true;
  }

  /** One call, unary or streaming; see {@link Sink} for the rules. */
  abstract open(call: Call, sink: Sink): Flow;

  /** The kinds of call that it answers. Default: `chat` alone. */
  kinds(): ReadonlySet<string> {
    return CHAT_ONLY;
  }

  chat(request: ChatRequest, options?: CallOptions): Promise<ChatResponse> {
    return this.call(chatLaws, request, options);
  }

  stream(request: ChatRequest, options?: CallOptions): ChatStream {
    return this.streamed(CallStream, chatLaws, request, options);
  }

  embed(request: EmbedRequest, options?: CallOptions): Promise<EmbedResponse> {
    return this.callOf("embed", request, options);
  }

  rerank(request: RerankRequest, options?: CallOptions): Promise<RerankResponse> {
    return this.callOf("rerank", request, options);
  }

  moderate(request: ModerateRequest, options?: CallOptions): Promise<ModerateResponse> {
    return this.callOf("moderate", request, options);
  }

  transcribe(request: TranscribeRequest, options?: CallOptions): Promise<TranscribeResponse> {
    return this.callOf("transcribe", request, options);
  }

  speak(request: SpeakRequest, options?: CallOptions): Promise<SpeakResponse> {
    return this.callOf("speak", request, options);
  }

  image(request: ImageRequest, options?: CallOptions): Promise<ImageResponse> {
    return this.callOf("image", request, options);
  }

  /** Speech as it comes: bytes as soon as the provider sends them. One that answers whole is read in one piece. */
  streamSpeech(request: SpeakRequest, options?: CallOptions): SpeechStream {
    return new SpokenStream(this.streamOf("speak", request, options));
  }

  /** A transcript as it is written. */
  streamTranscript(request: TranscribeRequest, options?: CallOptions): TranscriptStream {
    return new WrittenStream(this.streamOf("transcribe", request, options));
  }

  /** Pictures as they become ready; unfinished ones come before where `partialImages` asks for them. */
  streamImage(request: ImageRequest, options?: CallOptions): ImageStream {
    return this.streamOf("image", request, options);
  }

  ocr(request: OcrRequest, options?: CallOptions): Promise<OcrResponse> {
    return this.callOf("ocr", request, options);
  }

  decide(request: DecideRequest, options?: CallOptions): Promise<DecideResponse> {
    return this.callOf("decide", request, options);
  }

  countTokens(request: CountTokensRequest, options?: CallOptions): Promise<CountTokensResponse> {
    return this.callOf("countTokens", request, options);
  }

  /**
   * One unary call of any kind, one of your own included: the methods above are this with their laws.
   * @throws {AiLibError} always, whatever went wrong; `UNSUPPORTED_FEATURE` for a kind that it lacks.
   */
  call<K extends Kind>(
    laws: KindLaws<K>,
    request: RequestOf<K>,
    options?: CallOptions,
  ): Promise<ResponseOf<K>> {
    try {
      const outermost = options?.context === undefined;
      const asked = outermost ? checkedRequest(laws, request) : request;
      const call: Call = callOf<Kind>(laws as never, asked, "unary", contextOf(this.optionsOf(options)));
      const lack = missingKind(this, call);
      if (lack !== undefined) return Promise.reject(lack);
      return new UnaryRun<K>(this, call, outermost).response();
    } catch (error) {
      if (error instanceof NotLoaded) {
        // The caller may change the request while its checks are loaded.
        const copy = snapshotRequest(request);
        return error.load().then(() => this.call(laws, copy, options));
      }
      return Promise.reject(AiLibError.from(error, "CONFIG_ERROR"));
    }
  }

  /**
   * One streamed call of any kind, one of your own included. A provider that answers whole gives the events of its
   * answer at the end. It never throws: mistakes fail the stream.
   */
  callStream<K extends Kind>(laws: KindLaws<K>, request: RequestOf<K>, options?: CallOptions): KindStream<K> {
    return this.streamed<K, EventStream<K>>(EventStream, laws, request, options);
  }

  /** A unary call of a built-in kind. */
  private callOf<K extends LoadedKind>(
    kind: K,
    request: RequestOf<K>,
    options: CallOptions | undefined,
  ): Promise<ResponseOf<K>> {
    try {
      const laws = lawsOf(kind);
      if (!(laws instanceof Promise)) return this.call(laws, request, options);
      // The caller may change the request while the rules are loaded.
      const copy = snapshotRequest(request);
      return laws.then((loaded) => this.call(loaded, copy, options));
    } catch (error) {
      return Promise.reject(AiLibError.from(error, "INVALID_REQUEST"));
    }
  }

  /** A streamed call of a built-in kind. */
  private streamOf<K extends LoadedKind>(
    kind: K,
    request: RequestOf<K>,
    options: CallOptions | undefined,
  ): KindStream<K> {
    const laws = lawsOf(kind);
    if (!(laws instanceof Promise)) return this.callStream(laws, request, options);
    const copy = valueOr(request, () => snapshotRequest(request));
    return new LazyStream(kind, async () => this.callStream(await laws, copy, options));
  }

  /** The options of a call, with the defaults of a client. */
  private optionsOf(options: CallOptions | undefined): CallOptions | undefined {
    const { callOptions } = this as ChatProvider;
    return callOptions === undefined ? options : callOptions.call(this, options);
  }

  /** @param checks the checks of the request, where the stream loads them before it is opened */
  private streamed<K extends Kind, S>(
    Stream: new (opener: Opener, call: Call, outermost: boolean) => S,
    laws: KindLaws<K>,
    request: RequestOf<K>,
    options: CallOptions | undefined,
    checks?: NotLoaded,
  ): S {
    const outermost = options?.context === undefined;
    try {
      const asked = !outermost
        ? request
        : checks === undefined
          ? checkedRequest(laws, request)
          : snapshotRequest(request);
      const call: Call = callOf<Kind>(laws as never, asked, "stream", contextOf(this.optionsOf(options)));
      const lack = laws.kind === "chat" ? undefined : missingKind(this, call);
      if (lack !== undefined) throw lack;
      return new Stream(checks === undefined ? this : checkedLater(this, checks, laws), call, outermost);
    } catch (error) {
      if (error instanceof NotLoaded) return this.streamed(Stream, laws, request, options, error);
      return failed(Stream, this.name, laws, AiLibError.from(error, "CONFIG_ERROR"));
    }
  }
}

/** Opens calls of a provider once their checks are loaded and have passed. Only chats have checks that are loaded. */
function checkedLater<K extends Kind>(provider: Opener, checks: NotLoaded, laws: KindLaws<K>): Opener {
  const open: Open = (call, sink) =>
    deferredFlow(
      checks.load(),
      () => {
        laws.validate(call.request as RequestOf<K>);
        return provider.open(call, sink);
      },
      (error) => sink.fail(AiLibError.from(error)),
    );
  return { name: provider.name, open };
}

/** A stream that fails when it is read: streams report mistakes as promises do, and never throw. */
function failed<K extends Kind, S>(
  Stream: new (opener: Opener, call: Call, outermost: boolean) => S,
  name: string,
  laws: KindLaws<K>,
  error: AiLibError,
): S {
  const open = (_call: Call, sink: Sink) => failLater(sink, error);
  const call: Call = callOf<Kind>(laws as never, {} as never, "stream", contextOf());
  return new Stream({ name, open }, call, false);
}

/** A chat that fails when it is read. */
export function failedStream(name: string, error: AiLibError): ChatStream {
  return failed(CallStream, name, chatLaws, error);
}

/** A provider made of others. Strategies and wrappers extend it and write `open`. */
export abstract class Composition extends OpenProvider {
  abstract readonly members: readonly ChatProvider[];

  /** A wrapper speaks for the one member it wraps; a composition of several has no target of its own. */
  get target(): Target | undefined {
    return this.members.length === 1 ? this.members[0]?.target : undefined;
  }

  private knownKinds: ReadonlySet<string> | undefined;

  /** The kinds of all members. Read once: each layer of each call asks for them. */
  override kinds(): ReadonlySet<string> {
    this.knownKinds ??= new Set(this.members.flatMap((member) => [...kindsOf(member)]));
    return this.knownKinds;
  }

  /** Models of every member that can list them, each once. A member whose list fails is left out. */
  listModels(options?: CallOptions): Promise<ModelInfo[]> {
    return listModelsOf(this, options);
  }

  /** Voices of every member that can list them, each once. A member whose list fails is left out. */
  listVoices(options?: CallOptions): Promise<VoiceInfo[]> {
    return listVoicesOf(this, options);
  }

  /**
   * One model, of the first member that has it.
   * @throws {AiLibError} `MODEL_NOT_FOUND` with near names; `UNSUPPORTED_FEATURE` where no member can tell.
   */
  getModelInfo(id: string, options?: CallOptions): Promise<ModelInfo> {
    return modelInfoOf(this, id, options, (member) => this.modelFor(member, id) ?? id);
  }

  /** Facts of the first member that knows the model. */
  facts(model?: string): ModelFacts | undefined {
    for (const member of this.members) {
      const facts = member.facts?.(model);
      if (facts !== undefined) return facts;
    }
    return undefined;
  }

  /** Healthy while one member is; rejects with the last member's error where none is. */
  checkHealth(options?: CallOptions): Promise<void> {
    return checkHealthOf(this, options);
  }

  /**
   * Puts a file into the store of the first member that has one.
   * @throws {AiLibError} `UNSUPPORTED_FEATURE` where no member has one.
   */
  uploadFile(file: FileUpload, options?: UploadOptions): Promise<StoredFile> {
    return uploadToMember(this, file, options);
  }

  /**
   * Many answers. A member with a batch of its own answers all of them; else each is a call of this composition.
   * @throws {AiLibError} where such a batch fails as a whole.
   */
  batch(requests: readonly ChatRequest[], options?: BatchOptions): Promise<BatchItem[]> {
    return (
      batchOfMember(this, requests, options, (member, request) => this.requestFor(member, request)) ??
      runBatch(this, requests, options)
    );
  }

  close(): Promise<void> {
    return closeMembers(this);
  }

  /** A member's own name for a model, where what is asked of the member does not go through `open`. */
  protected modelFor(_member: ChatProvider, model: string | undefined): string | undefined {
    return model;
  }

  private requestFor(member: ChatProvider, request: ChatRequest): ChatRequest {
    const named = namesModel(request) ? request.model : undefined;
    const model = this.modelFor(member, named);
    return model === named ? request : { ...request, model };
  }
}

/** A composition of one: it speaks for the member it wraps. */
export abstract class Wrapper extends Composition {
  readonly name: string;
  readonly members: readonly ChatProvider[];

  /** @param kind the wrapper's word in its name: `"retry"` makes `"retry(groq)"` */
  constructor(
    kind: string,
    protected readonly inner: ChatProvider,
  ) {
    super();
    requireProvider(kind, inner);
    this.name = `${kind}(${inner.name})`;
    this.members = [inner];
  }
}
