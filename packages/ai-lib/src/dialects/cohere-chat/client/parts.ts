import type { JsonObject, MutableJson } from "../../../core/values/json.js";
import type {
  ContentPart,
  FilePart,
  ImagePart,
  ReasoningPart,
  SourcePart,
  TextPart,
  ToolCallPart,
  UserPart,
} from "../../../core/values/message.js";
import { textOfBase64 } from "../../shared/common/base64.js";
import { dataUri, parseDataUri } from "../../shared/common/data-uri.js";
import { encodeToolCall } from "../../shared/openai/tool-call.js";
import { type Cited, encodeCitations } from "../shared/citations.js";
import { isPlan } from "../shared/family.js";
import type { CohereContext } from "./context.js";

/** Types beside `text/*` whose bytes are text that the model can read. */
const READABLE = /^(text\/|application\/(json|xml|x-yaml|yaml|javascript|x-ndjson|sql)\b)|\+(json|xml)$/;

/**
 * A part of a user's message or of a tool's result as a block; undefined for a text file, which becomes a document
 * beside the messages. https://docs.cohere.com/v2/reference/chat
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` for media that Cohere does not accept.
 */
export function encodeUserPart(part: UserPart, at: string, context: CohereContext): JsonObject | undefined {
  context.warnMarks(part, at);
  switch (part.type) {
    case "text":
      return encodeText(part, context);
    case "image":
      return context.extended(
        { type: "image_url", image_url: encodeImage(part, at, context) },
        part.extensions,
      );
    case "audio":
      return context.refuse(at);
    case "file": {
      const image = context.asImage(part, at);
      if (image !== undefined)
        return context.extended(
          { type: "image_url", image_url: encodeImage(image, at, context) },
          part.extensions,
        );
      context.documents.push(context.extended(encodeDocument(part, at, context), part.extensions));
      context.changed(at);
      return undefined;
    }
    default: {
      const never: never = part;
      throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
    }
  }
}

/** Text; or a document, if the part's extensions give the block that type. */
function encodeText(part: TextPart, context: CohereContext): JsonObject {
  const block = context.extended({ type: "text", text: part.text }, part.extensions);
  if (block["type"] !== "document") return block;
  const { text: _text, ...document } = block;
  return document;
}

function encodeImage(part: ImagePart, at: string, context: CohereContext): JsonObject {
  if (part.uploaded !== undefined) return context.refuse(at, { key: "messages.content.uploaded" });
  return { url: part.url ?? dataUri(part.mediaType ?? "image/png", part.data ?? ""), detail: part.detail };
}

function encodeDocument(part: FilePart, at: string, context: CohereContext): JsonObject {
  const given = part.data === undefined ? parseDataUri(part.url ?? "") : undefined;
  const data = part.data ?? given?.data;
  const mediaType = part.mediaType ?? given?.mediaType ?? "";
  const text = data !== undefined && READABLE.test(mediaType) ? textOfBase64(data) : undefined;
  if (text === undefined) return context.refuse(at);
  return { id: part.name, data: { title: part.name, text } };
}

/** A text file of a tool's result: a document of its own, which citations can name. */
export function encodeResultDocument(part: FilePart, at: string, context: CohereContext): JsonObject {
  context.warnMarks(part, at);
  return context.extended({ type: "document", document: encodeDocument(part, at, context) }, part.extensions);
}

/** Collects the parts of a model's turn, which has content, a plan, calls and citations. */
export class AssistantTurn {
  private readonly blocks: JsonObject[] = [];
  private readonly calls: JsonObject[] = [];
  private readonly sources: SourcePart[] = [];
  /** The paths of the sources in the request. */
  private readonly paths: string[] = [];
  private readonly cited = new Map<number, Cited>();
  private plan = "";

  constructor(private readonly context: CohereContext) {}

  add(part: ContentPart, index: number, at: string): void {
    const { context } = this;
    if (part.type !== "reasoning") context.warnMarks(part, at);
    switch (part.type) {
      case "text":
        if (part.logprobs !== undefined) context.notReplayed(`${at}.logprobs`);
        this.block(index, "TEXT_CONTENT", part.text, { type: "text", text: part.text }, part);
        break;
      case "refusal":
        context.notReplayed(at);
        this.block(index, "TEXT_CONTENT", part.text, { type: "text", text: part.text }, part);
        break;
      case "reasoning":
        this.reasoning(part, index, at);
        break;
      case "tool-call":
        this.call(part, at);
        break;
      case "source":
        if (part.cites === undefined) context.notReplayed(at, "this one does not");
        else {
          this.sources.push(part);
          this.paths.push(at);
          this.warnFields(part, at);
        }
        break;
      case "tool-result":
        context.notReplayed(at, { key: "messages.content.tool-result.executedBy" });
        break;
      case "image":
      case "audio":
      case "file":
        context.notReplayed(at, { key: "messages.content.assistant-media" });
        break;
      default: {
        const never: never = part;
        throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
      }
    }
  }

  /**
   * The turn as a message; undefined if nothing is left of it.
   * @param text the content of a message that has no parts.
   */
  encode(text: string | undefined): MutableJson | undefined {
    const { blocks, calls, sources, plan, cited, context } = this;
    if (blocks.length === 0 && calls.length === 0) return undefined;
    sources.forEach(({ cites }, i) => {
      if (cites !== undefined && !cited.has(cites.index))
        context.notReplayed(`${this.paths[i]}.cites`, { reason: "it names no text" });
    });
    return {
      role: "assistant",
      tool_plan: plan === "" ? undefined : plan,
      content: text ?? (blocks.length === 0 ? undefined : blocks),
      tool_calls: calls.length === 0 ? undefined : calls,
      citations: sources.length === 0 ? undefined : encodeCitations(sources, cited),
    };
  }

  private block(
    index: number,
    kind: Cited["kind"],
    text: string,
    block: JsonObject,
    part: Pick<ContentPart, "extensions">,
  ): void {
    this.cited.set(index, { kind, block: this.blocks.length, text });
    this.blocks.push(this.context.extended(block, part.extensions));
  }

  private reasoning(part: ReasoningPart, index: number, at: string): void {
    const { context } = this;
    if (part.origin !== undefined && context.stateOf(part.origin, at) === undefined) return;
    context.warnMarks(part, at);
    if (part.redacted === true) context.notReplayed(at, { key: "messages.content.reasoning.redacted" });
    else if (isPlan(part.origin)) {
      this.plan += part.text;
      this.warnFields(part, at);
      this.cited.set(index, { kind: "PLAN", text: part.text });
    } else this.block(index, "THINKING_CONTENT", part.text, { type: "thinking", thinking: part.text }, part);
  }

  /** Warns about vendor fields of what has no object of its own. */
  private warnFields({ extensions }: Pick<ContentPart, "extensions">, at: string): void {
    if (this.context.hasExtensions(extensions)) this.context.notReplayed(`${at}.extensions`);
  }

  private call(part: ToolCallPart, at: string): void {
    const { context } = this;
    context.noteCall(part.id, part.name);
    if (part.executedBy !== undefined)
      context.notReplayed(at, { key: "messages.content.tool-call.executedBy" });
    else if (part.arguments === undefined)
      context.dropCall(part.id, at, { key: "messages.content.tool-call.argumentsText" });
    else this.calls.push(context.extended(encodeToolCall(part), part.extensions));
  }
}
