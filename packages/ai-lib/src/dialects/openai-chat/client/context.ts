import type { DialectTarget } from "../../../core/contract/dialect.js";
import { OnDemand } from "../../../core/errors/on-demand.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { JsonObject } from "../../../core/values/json.js";
import type { CacheMark, Extensions } from "../../../core/values/message.js";
import { type CallIdForm, lengthForm, NINE_CHARACTERS } from "../../shared/common/call-ids.js";
import { EncodeContext } from "../../shared/common/encode-context.js";
import type { EncodeRules } from "../../shared/common/encode-rules.js";
import { familyOf, type OpenAiChatQuirks, quirksOf } from "../shared/quirks.js";
import { DIALECT_FAMILY } from "../shared/state.js";

/** Why fields are lost, for warnings and refusals. */
export const losses = new OnDemand("warnings of OpenAI's dialect", () =>
  import("../shared/cannot.js").then(({ cannot }) => cannot),
);

const RULES: EncodeRules = {
  dialect: "openai-chat",
  cannot: losses,
  readers: (target) => ({
    families: [familyOf(target, quirksOf(target)), DIALECT_FAMILY],
    stores: [DIALECT_FAMILY],
  }),
  callIds,
  textTools: (target) => quirksOf(target).customTools === true,
  images: (target) => quirksOf(target).imageTypes,
  // Files are documents: https://platform.openai.com/docs/guides/pdf-files
  refusedFiles: (target) => (quirksOf(target).videoUrls === true ? ["audio/"] : ["audio/", "video/"]),
  mediaLimits: (target) => {
    const bytes = quirksOf(target).bounds?.fileBytes;
    return bytes === undefined ? [] : [{ types: "application/", bytes }];
  },
};

function callIds(target: DialectTarget): CallIdForm | undefined {
  const { mistralTemplate, maxToolCallId } = quirksOf(target);
  // Gateways that only route to Mistral's models take any id.
  if (mistralTemplate === true) return NINE_CHARACTERS;
  return maxToolCallId === undefined ? undefined : lengthForm(maxToolCallId);
}

/** Whether a model is Mistral's, whose template has rules of its own on every server and behind every gateway. */
function isMistral(model: string): boolean {
  return /(?:^|[/:._-])(?:mistral|ministral|mixtral|codestral|devstral|magistral|pixtral|voxtral)/i.test(
    model,
  );
}

/** Whether a model is Mistral's, by model id: every call asks twice. */
const known = new Map<string, boolean>();

/** The most models in {@link known}: a request may name any model. */
const MOST_KNOWN = 1_024;

function isKnownMistral(model: string): boolean {
  const before = known.get(model);
  if (before !== undefined) return before;
  const found = isMistral(model);
  if (known.size < MOST_KNOWN && model.length < 256) known.set(model, found);
  return found;
}

/** Whether a target's template is Mistral's, which has rules for the order of turns. */
export function isMistralTarget(target: DialectTarget): boolean {
  return quirksOf(target).mistralTemplate ?? isKnownMistral(target.model);
}

/** What may carry a cache mark and vendor fields. */
interface Marked {
  readonly cache?: CacheMark | undefined;
  readonly extensions?: Extensions | undefined;
}

/** State that the steps of encoding one request share. */
export class OpenAIChatContext extends EncodeContext {
  readonly quirks: OpenAiChatQuirks;
  /** The model has Mistral's template. */
  readonly mistral: boolean;

  constructor(request: ChatRequest, mode: "unary" | "stream", target: DialectTarget) {
    super(RULES, request, mode, target);
    this.quirks = quirksOf(target);
    this.mistral = isMistralTarget(target);
  }

  /** Whether a turn of the model with text has no field but its text. */
  get plainTurns(): boolean {
    const { reasoningHistory = "none", reasoningHistoryRequired } = this.quirks;
    return reasoningHistory === "none" || reasoningHistoryRequired !== true;
  }

  /** Whether a name is that of a text tool which is sent as one. */
  isTextTool(name: string): boolean {
    const { tools = [] } = this.request;
    return (
      this.quirks.customTools === true &&
      tools.some((tool) => tool.type === "text-tool" && tool.name === name)
    );
  }

  /** A part, a call or a tool with its cache mark and its vendor fields. */
  marked(object: JsonObject, { cache, extensions }: Marked, at: string): JsonObject {
    if (cache === undefined && extensions === undefined) return object;
    return this.extended({ ...object, ...this.cacheControl(cache, at) }, extensions);
  }

  /**
   * A cache mark as the field `cache_control`, which gateways pass to Anthropic's and Gemini's models
   * (https://openrouter.ai/docs/features/prompt-caching).
   */
  cacheControl(mark: CacheMark | undefined, at: string): JsonObject {
    if (mark === undefined) return {};
    if (this.quirks.cacheControl === true) return { cache_control: { type: "ephemeral", ttl: mark.ttl } };
    this.unsupported(`${at}.cache`);
    return {};
  }
}
