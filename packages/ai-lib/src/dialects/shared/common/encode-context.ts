import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { PlainRequest } from "../../../core/kinds/chat/text-tools.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { JsonObject, MutableJson } from "../../../core/values/json.js";
import type {
  Extensions,
  FilePart,
  ImagePart,
  MediaPart,
  Message,
  Origin,
} from "../../../core/values/message.js";
import type { FunctionTool, TextTool, Tool, ToolChoice, ToolChoiceAmong } from "../../../core/values/tool.js";
import type { CallIds } from "./call-ids.js";
import type { EncodeRules } from "./encode-rules.js";
import { EncodeWarnings } from "./encode-warnings.js";
import { extended, extensionsFor } from "./extensions.js";
import { cannotSay } from "./kind-requests.js";
import { contentRules } from "./on-demand.js";
import { canRead, canReadStore, contentIn, type StateReaders } from "./opaque-state.js";
import type { Why } from "./reason.js";
import { findLoneSurrogate, isWellFormedJson, wellFormedJson } from "./well-formed.js";

/** Parameters that few dialects have. */
type ParameterField =
  | "maxToolCalls"
  | "logitBias"
  | "prediction"
  | "verbosity"
  | "contextManagement"
  | "store"
  | "reasoning.keep"
  | "reasoning.when";

/** Fields of function tools that few dialects have. */
const TOOL_FIELDS = ["outputSchema", "examples", "deferLoading", "eager", "callers", "async"] as const;
type ToolField = (typeof TOOL_FIELDS)[number];

/** A choice of tools that is not a list. */
type PlainToolChoice = Exclude<ToolChoice, ToolChoiceAmong>;

/**
 * State that the steps of encoding one request share: the warnings, who may read which state, refusals, extensions and
 * call ids. A dialect extends it in `client/context.ts` with what it needs besides.
 *
 * How every client half is written:
 * - `client/request.ts` makes the context and encodes the body, `client/messages.ts` the conversation; both are plain
 *   functions `encode…(value, at, context)`. `at` is the path of the value in the request, for warnings. State that
 *   lasts for a whole conversation or turn is in a class `<Dialect>…Encoder`.
 * - A body is one object literal whose absent fields are undefined, without spreads: `JSON.stringify` leaves them out,
 *   and building it takes a fraction of the time. `filled` leaves out an object without fields, `defined` is for values
 *   that are not serialized.
 * - A stream is read by a class `<Dialect>StreamDecoder` in `client/stream.ts`, a whole reply by `decodeReply` in
 *   `client/reply.ts`, an error by `decodeError` in `client/errors.ts`.
 * - Verbs are `encode` and `decode`. Further files are named `context`, `parts`, `tools`, `schema`, `media`,
 *   `reasoning`, `model`, `calls`, `executed-tools`, `facts`, `format`, `citations`; names of files that only the stream
 *   uses begin with `stream-`.
 */
export class EncodeContext extends EncodeWarnings {
  /** The conversation to encode: that of the request, with its media in one form. Positions are the same. */
  readonly messages: readonly Message[];
  /** The tools of the request; functions represent text tools. Positions are the same. */
  readonly tools: PlainRequest["tools"];
  /** Determined for the first state or stored file. */
  private knownReaders: StateReaders | undefined;
  private ids: CallIds | undefined;
  /** The names of the calls so far, by id; made for the first call. */
  private names: Map<string, string> | undefined;
  /** The ids of calls that were left out; made for the first one. */
  private dropped: Set<string> | undefined;

  constructor(
    private readonly rules: EncodeRules,
    request: ChatRequest,
    readonly mode: "unary" | "stream",
    readonly target: DialectTarget,
  ) {
    super(rules.cannot, request);
    // Most requests hold text alone.
    if (request.tools === undefined && request.extensions === undefined && request.messages.every(isText)) {
      this.messages = request.messages;
      this.tools = undefined;
    } else {
      const { messages, tools } = contentRules.get().prepareContent(request, rules, target, this);
      this.messages = messages;
      this.tools = tools;
    }
  }

  /** Warns about a field of a file that does not fit the file, or has no place. */
  dropFileField(at: string, role: Message["role"] = "user"): void {
    if (role === "assistant") this.notReplayed(at);
    else this.unsupported(at);
  }

  /** A number that a target takes only up to a bound: the bound with a warning where it is more. */
  atMost(
    field: "temperature" | "logprobs",
    value: number | undefined,
    most: number | undefined,
  ): number | undefined {
    if (value === undefined || most === undefined || value <= most) return value;
    this.changed(field, { reason: `${most} is the most` });
    return most;
  }

  /**
   * The sequences that end the answer: those that can end one, and no more than a target takes. Undefined if none is
   * left.
   * @param most how many a target takes. Default: any number.
   * @param blank a target takes sequences of white space alone. Default true.
   */
  stops(most = Number.POSITIVE_INFINITY, blank = true): readonly string[] | undefined {
    const { stop } = this.request;
    if (stop === undefined || stop.length === 0) return undefined;
    const kept = stop.filter((sequence) => (blank ? sequence : sequence.trim()) !== "");
    if (kept.length < stop.length)
      this.unsupported("stop", {
        reason: blank ? "an empty sequence is refused" : "a sequence of only white space is refused",
      });
    if (kept.length > most)
      this.changed("stop", { reason: `the first ${most} are sent: there may be no more` });
    return kept.length === 0 ? undefined : kept.slice(0, most);
  }

  /** A body as JSON text that strict readers take. Warns where a lone surrogate is replaced. */
  json(body: unknown): string {
    const text = JSON.stringify(body);
    if (isWellFormedJson(text)) return text;
    const field = findLoneSurrogate(this.request);
    if (field !== undefined) this.changed(field, { reason: "half of a surrogate pair became U+FFFD" });
    return wellFormedJson(body);
  }

  /** Whether the target may receive the opaque state of a part: see {@link canRead}. */
  canRead(origin: Origin | undefined): origin is Origin {
    return origin !== undefined && canRead(this.readers(), this.target, origin);
  }

  /** Whether the target can read what a provider stores: see {@link canReadStore}. */
  canReadStore(provider: string): boolean {
    return canReadStore(this.readers(), this.target, provider);
  }

  private readers(): StateReaders {
    this.knownReaders ??= this.rules.readers(this.target);
    return this.knownReaders;
  }

  /**
   * The state of a part where the target can read it.
   * @param at where to warn if it cannot: the path of a part that is left out with its state, or of the `origin` of a
   *   part that is sent without. Absent: no warning.
   */
  stateOf(origin: Origin | undefined, at?: string): JsonObject | undefined {
    if (origin === undefined) return undefined;
    const { family, data } = origin;
    if (this.canRead(origin)) return data;
    if (at === undefined) return undefined;
    const content = contentIn(data);
    if (content === undefined) this.stateDropped(at, family);
    else this.unsupported(at, { reason: `${content}, which only ${family} can read` });
    return undefined;
  }

  /**
   * Warns that a part of an earlier answer is left out: because the target cannot read its state, else for another
   * reason.
   */
  dropPart(origin: Origin | undefined, at: string, why?: string | Why): void {
    if (origin !== undefined && this.stateOf(origin, at) === undefined) return;
    this.notReplayed(at, why);
  }

  /** A call's id in the form that the target accepts, the same on a call and its result. */
  callId(id: string): string {
    const form = this.rules.callIds?.(this.target);
    if (form === undefined) return id;
    this.ids ??= new (contentRules.get().CallIds)(this.request.messages, form);
    return this.ids.of(id);
  }

  /** Notes a call, which may have the id of a call in an earlier turn. */
  noteCall(id: string, name: string): void {
    this.names ??= new Map();
    this.names.set(id, name);
    this.dropped?.delete(id);
  }

  /** The name of a call, for formats whose results must name their function; undefined for an unknown call. */
  nameOf(id: string): string | undefined {
    return this.names?.get(id);
  }

  /** Leaves out a call of an earlier answer with a warning. Its results must be left out as well. */
  dropCall(id: string, at: string, why?: string | Why): undefined {
    this.dropped ??= new Set();
    this.dropped.add(id);
    this.notReplayed(at, why);
  }

  /** Whether a result belongs to a call that was left out. */
  isDropped(id: string): boolean {
    return this.dropped?.has(id) === true;
  }

  /**
   * The id of a medium in a store; undefined for one that is not stored.
   * @throws {AiLibError} `UNSUPPORTED_FEATURE` if the target cannot read the store.
   */
  uploadedId({ uploaded }: MediaPart, at: string): string | undefined {
    if (uploaded !== undefined && !this.canReadStore(uploaded.provider))
      this.refuse(at, { key: "messages.content.uploaded", detail: `it is stored by ${uploaded.provider}` });
    return uploaded?.id;
  }

  /** Warns that a message's cache mark is left out, because its last part has one. */
  dropSecondMark(at: string): void {
    this.changed(`${at}.cache`, { reason: "the mark on its last part is used instead" });
  }

  /** Warns that an effort is left out, because the target accepts either an effort or a budget of tokens. */
  preferBudget(): void {
    this.changed("reasoning.effort", { reason: "the budget of tokens is sent in its place" });
  }

  /**
   * Warns about fields that a dialect has no parameter for. `store: false` needs no warning, because nothing is stored
   * anyway.
   * @param except the fields among them that it can carry.
   */
  dropParameters(...except: readonly ParameterField[]): void {
    const { maxToolCalls, logitBias, prediction, verbosity, contextManagement, store, reasoning } =
      this.request;
    const given =
      maxToolCalls ?? logitBias ?? prediction ?? verbosity ?? contextManagement ?? store ?? reasoning;
    if (given === undefined) return;
    const drop = (field: ParameterField): void => {
      if (!except.includes(field)) this.unsupported(field);
    };
    if (maxToolCalls !== undefined) drop("maxToolCalls");
    if (logitBias !== undefined) drop("logitBias");
    if (prediction !== undefined) drop("prediction");
    if (verbosity !== undefined) drop("verbosity");
    if (contextManagement !== undefined) drop("contextManagement");
    if (store === true) drop("store");
    if (reasoning?.keep !== undefined) drop("reasoning.keep");
    if (reasoning?.when !== undefined) drop("reasoning.when");
  }

  /**
   * Whether a tool may be called under the request's choice. A format without lists of allowed tools offers no others.
   */
  isOffered(tool: Tool): boolean {
    const { toolChoice } = this.request;
    if (typeof toolChoice !== "object" || !("names" in toolChoice)) return true;
    return tool.type !== "provider" && toolChoice.names.includes(tool.name);
  }

  /**
   * The request's choice of tools for a format without lists of allowed tools. Warns about one, and about a choice without
   * tools, which vendors refuse: Gemini answers "Function calling config is set without function_declarations".
   */
  choiceOfOffered(): PlainToolChoice | undefined {
    const { toolChoice, tools = [] } = this.request;
    if (toolChoice !== undefined && tools.length === 0) {
      if (toolChoice !== "auto" && toolChoice !== "none")
        this.unsupported("toolChoice", { reason: "there is no tool to choose" });
      return undefined;
    }
    if (typeof toolChoice !== "object" || !("names" in toolChoice)) return toolChoice;
    this.changed("toolChoice", { key: "toolChoice.names" });
    return toolChoice.mode ?? "auto";
  }

  /**
   * Warns about fields of a tool that the format has no place for.
   * @param except the fields among them that it can carry.
   */
  dropToolFields(tool: FunctionTool | TextTool, at: string, ...except: readonly ToolField[]): void {
    const given: Partial<FunctionTool> =
      tool.type === "function"
        ? tool
        : { deferLoading: tool.deferLoading, callers: tool.callers, async: tool.async };
    for (const field of TOOL_FIELDS) {
      const value = given[field];
      if (value !== undefined && value !== false && !except.includes(field))
        this.unsupported(`${at}.${field}`);
    }
  }

  /** Warns about the phases of texts in earlier answers, for a format that does not distinguish them. */
  dropPhases(): void {
    const { messages } = this.request;
    if (messages.every(isText)) return;
    messages.forEach((message, i) => {
      if (typeof message.content === "string" || message.role !== "assistant") return;
      message.content.forEach((part, j) => {
        if (part.type === "text" && part.phase !== undefined)
          this.notReplayed(`messages.${i}.content.${j}.phase`);
      });
    });
  }

  /**
   * Warns about a cache policy that the target has no parameters for.
   * @param own the mode in which it caches in any case. Default `auto`.
   */
  dropPromptCache(own: "auto" | "marks" = "auto"): void {
    const { promptCache } = this.request;
    if (promptCache === undefined) return;
    const { mode, ttl, compareWith, prewarm } = promptCache;
    if (mode !== undefined && mode !== own) this.unsupported("promptCache.mode");
    if (ttl !== undefined) this.unsupported("promptCache.ttl");
    if (compareWith !== undefined) this.unsupported("promptCache.compareWith");
    if (prewarm === true) this.unsupported("promptCache.prewarm");
  }

  /**
   * A file that is an image, as an image, for formats whose files are documents; undefined for any other file. A file
   * in a store stays a file: only the store knows what it is.
   */
  asImage({ name, type: _type, ...media }: FilePart, at: string): ImagePart | undefined {
    const mediaType = media.mediaType ?? contentRules.get().parseDataUri(media.url ?? "")?.mediaType;
    if (media.uploaded !== undefined || mediaType?.toLowerCase().startsWith("image/") !== true)
      return undefined;
    if (name !== undefined) this.unsupported(`${at}.name`, { reason: "images have no names" });
    return { ...media, type: "image" };
  }

  /**
   * The extensions that concern the target: those of the dialect, then those of the provider, which take precedence.
   */
  extensionsFor(extensions: Extensions | undefined): readonly JsonObject[] {
    return extensionsFor(extensions, this.rules.dialect, this.target.provider);
  }

  /** Whether there are fields in {@link extensionsFor}, for content that has no object of its own to hold them. */
  hasExtensions(extensions: Extensions | undefined): boolean {
    return this.extensionsFor(extensions).some((fields) => Object.keys(fields).length > 0);
  }

  /** An object with the caller's fields for it merged over its own. */
  extended<T extends JsonObject>(object: T, extensions: Extensions | undefined): T | MutableJson {
    return extended(object, extensions, this.rules.dialect, this.target.provider);
  }

  /**
   * Refuses the request: no body could carry a field without which the answer would be wrong. Nothing is sent, and a
   * strategy asks the next provider.
   * @throws {AiLibError} `UNSUPPORTED_FEATURE`, always.
   */
  refuse(field: string, why?: string | Why): never {
    throw cannotSay(this.target, field, this.reason(field, why));
  }

  /**
   * Refuses a request that continues a stored response which the target cannot read.
   * @param keepsState the dialect stores responses. Default: false, and every `continues` is refused.
   * @throws {AiLibError} `UNSUPPORTED_FEATURE`.
   */
  refuseContinues(keepsState = false): void {
    const { continues } = this.request;
    if (continues === undefined || (keepsState && this.canReadStore(continues.provider))) return;
    this.refuse("continues", keepsState ? `the response is stored by ${continues.provider}` : undefined);
  }
}

function isText({ content }: Message): boolean {
  return typeof content === "string";
}
