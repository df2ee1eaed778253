import type { DialectTarget, EncodeWarnings } from "../../../core/contract/dialect.js";
import { AiLibError } from "../../../core/errors/error.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import { asString, type JsonObject, type MutableJson } from "../../../core/values/json.js";
import { type Extensions, type Message, type Origin, partsOf } from "../../../core/values/message.js";
import { nineCharacters } from "../../shared/common/call-ids.js";
import { extended } from "../../shared/common/extensions.js";
import { familyOf, type OpenAiResponsesQuirks, quirksOf } from "../shared/quirks.js";

/** The longest id that OpenAI takes, of items and of calls: "Expected a string with maximum length 64". */
const LONGEST_ID = 64;

/** What writing one request needs to know throughout. */
export class RequestScope {
  readonly quirks: OpenAiResponsesQuirks;
  readonly family: string;
  /** The caller's own fields of the body. */
  readonly extra: JsonObject;
  /** The provider keeps this response and its items. */
  readonly stored: boolean;
  /** How long marked prefixes are to be kept, where a mark tells. */
  cacheTtl: string | undefined;
  /** Encrypted reasoning is echoed, so the model is one that has it. */
  echoesReasoning = false;

  private readonly callTypes = new Map<string, string>();

  constructor(
    readonly request: ChatRequest,
    readonly target: DialectTarget,
    readonly losses: EncodeWarnings,
  ) {
    this.quirks = quirksOf(target);
    this.family = familyOf(target, this.quirks);
    this.extra = this.extended({}, request.extensions);
    const { store } = this.extra;
    this.stored = typeof store === "boolean" ? store : request.continues !== undefined;
    this.learnCalls(request.messages);
  }

  /** A piece of the body with the caller's fields for it over its own. */
  extended(json: JsonObject, extensions: Extensions | undefined): MutableJson {
    return { ...extended(json, extensions, "openai-responses", this.target.provider) };
  }

  /** The state of a part where this target can read it. State of another dialect of the family has no item's type. */
  stateOf(origin: Origin | undefined): JsonObject | undefined {
    if (origin === undefined || origin.family !== this.family) return undefined;
    if (origin.account !== undefined && origin.account !== this.target.account) return undefined;
    return typeof origin.data["type"] === "string" ? origin.data : undefined;
  }

  /** Whether what a provider keeps (a file, a response) is kept where this target can read it. */
  keeps(provider: string): boolean {
    return provider === this.target.provider || provider === this.family;
  }

  /** State without an id that cannot go back. */
  withSendableId(state: JsonObject): JsonObject {
    const { id, ...rest } = state;
    const sendable = typeof id === "string" && id.length <= LONGEST_ID && this.quirks.noItemIds !== true;
    return sendable ? state : rest;
  }

  /** The item type of the call that a result answers. */
  callType(id: string): string {
    return this.callTypes.get(id) ?? "function_call";
  }

  /** A call's id as the target takes it: of one that is too long, the head and a hash of the whole. */
  callId(id: string): string {
    const longest = this.quirks.maxToolCallId ?? LONGEST_ID;
    return id.length <= longest ? id : `${id.slice(0, Math.max(0, longest - 10))}_${nineCharacters(id)}`;
  }

  /** @throws {AiLibError} `UNSUPPORTED_FEATURE`, which lets a strategy pass the target over. */
  refuse(field: string, why: string): never {
    throw new AiLibError({
      code: "UNSUPPORTED_FEATURE",
      message: `${this.target.provider} cannot take \`${field}\`: ${why}`,
      local: true,
    });
  }

  private learnCalls(messages: readonly Message[]): void {
    const custom = new Set<string>();
    for (const tool of this.request.tools ?? []) {
      if (tool.type !== "provider" || !tool.id.endsWith("/custom")) continue;
      const name = asString(tool.options?.["name"]);
      if (name !== undefined) custom.add(name);
    }
    for (const message of messages) {
      if (message.role !== "assistant" || typeof message.content === "string") continue;
      for (const part of partsOf(message)) {
        if (part.type !== "tool-call") continue;
        const type = asString(this.stateOf(part.origin)?.["type"]);
        if (type !== undefined) this.callTypes.set(part.id, type);
        else if (custom.has(part.name)) this.callTypes.set(part.id, "custom_tool_call");
      }
    }
  }
}
