import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import { asString, type JsonObject, type MutableJson } from "../../../core/values/json.js";
import { type Extensions, type Origin, partsOf } from "../../../core/values/message.js";
import type { Tool } from "../../../core/values/tool.js";
import { lengthForm } from "../../shared/common/call-ids.js";
import { EncodeContext } from "../../shared/common/encode-context.js";
import type { EncodeRules } from "../../shared/common/encode-rules.js";
import { COMMON_IMAGES } from "../../shared/common/media.js";
import { MB } from "../../shared/common/media-limits.js";
import { TOOL_FAMILY } from "../shared/calls.js";
import { cannot } from "../shared/cannot.js";
import { familyOf, type OpenAiResponsesQuirks, quirksOf } from "../shared/quirks.js";
import { isCustom, nameOf } from "../shared/tools.js";

/** The longest id of an item or a call that OpenAI accepts: "Expected a string with maximum length 64". */
const LONGEST_ID = 64;

const RULES: EncodeRules = {
  dialect: "openai-responses",
  cannot,
  images: () => COMMON_IMAGES,
  refusedFiles: () => ["audio/", "video/"],
  // https://platform.openai.com/docs/guides/pdf-files#file-size-limitations
  mediaLimits: () => [{ types: "application/", bytes: 50 * MB }],
  readers: (target) => {
    const family = familyOf(target, quirksOf(target));
    return { families: [family], stores: [family] };
  },
  textTools: (target) => familyOf(target, quirksOf(target)) === TOOL_FAMILY,
  callIds: (target) => lengthForm(quirksOf(target).maxToolCallId ?? LONGEST_ID),
};

/** State that the steps of encoding one request share. */
export class OpenAIResponsesContext extends EncodeContext {
  readonly quirks: OpenAiResponsesQuirks;
  readonly family: string;
  /** The provider stores the response and its items. */
  readonly stored: boolean;
  /** The lifetime of marked prefixes, if a mark has one. */
  cacheTtl: string | undefined;
  /** The request has encrypted reasoning, so the model is one that produces it. */
  echoesReasoning = false;
  /** The types of the items of calls, by the id of the call, where it is not a function's. */
  private readonly callTypes = new Map<string, string>();

  constructor(request: ChatRequest, mode: "unary" | "stream", target: DialectTarget) {
    super(RULES, request, mode, target);
    this.quirks = quirksOf(target);
    this.family = familyOf(target, this.quirks);
    const { store } = this.extended({}, request.extensions);
    this.stored = typeof store === "boolean" ? store : (request.store ?? request.continues !== undefined);
    this.noteCallTypes();
  }

  /** The state of a part, which is an item of this dialect: another dialect of the family may have given other state. */
  override stateOf(origin: Origin | undefined, at?: string): JsonObject | undefined {
    const state = super.stateOf(origin, at);
    if (state === undefined || typeof state["type"] === "string") return state;
    if (at !== undefined) this.notReplayed(at, { reason: "it has state of another dialect" });
    return undefined;
  }

  override extended<T extends JsonObject>(object: T, extensions: Extensions | undefined): MutableJson {
    return { ...super.extended(object, extensions) };
  }

  /** State without its id, if the endpoint does not accept that. */
  withSendableId(state: JsonObject): JsonObject {
    const { id, ...rest } = state;
    const sendable = typeof id === "string" && id.length <= LONGEST_ID && this.quirks.noItemIds !== true;
    return sendable ? state : rest;
  }

  /** The type of the item of a call. */
  callType(id: string): string {
    return this.callTypes.get(id) ?? "function_call";
  }

  /** Whether the endpoint accepts tools that only OpenAI has: namespaces, and tools that take text. */
  get ownTools(): boolean {
    return this.family === TOOL_FAMILY;
  }

  /** Whether a tool is sent as a custom tool. */
  isCustom(tool: Tool): boolean {
    return isCustom(tool) && (tool.type === "provider" || this.ownTools);
  }

  /** Warns about a cache mark that cannot be sent. */
  dropMark(at: string): void {
    this.unsupported(`${at}.cache`);
  }

  private noteCallTypes(): void {
    const custom = new Set<string>();
    for (const tool of this.request.tools ?? []) {
      const name = nameOf(tool);
      if (name !== undefined && this.isCustom(tool)) custom.add(name);
    }
    for (const message of this.messages) {
      if (message.role !== "assistant") continue;
      for (const part of partsOf(message)) {
        if (part.type !== "tool-call") continue;
        const type = asString(this.stateOf(part.origin)?.["type"]);
        if (type !== undefined) this.callTypes.set(part.id, type);
        else if ((part.input !== undefined && this.ownTools) || custom.has(part.name))
          this.callTypes.set(part.id, "custom_tool_call");
      }
    }
  }
}
