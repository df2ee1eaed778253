import type { ServerFacts } from "../../../core/contract/dialect.js";
import type { Frame } from "../../../core/contract/transport.js";
import type { AiLibError } from "../../../core/errors/error.js";
import type {
  DeltaEvent,
  PartEndEvent,
  PartEvent,
  PartHead,
  PartStartEvent,
} from "../../../core/values/chat-event.js";
import type { ChatResponse } from "../../../core/values/chat-response.js";
import { asObject, asString, type JsonObject } from "../../../core/values/json.js";
import type { Origin, SourcePart, ToolResultPart } from "../../../core/values/message.js";
import { AnswerWriter, type PartRoute } from "../../shared/common/answer-writer.js";
import { errorBody } from "../../shared/openai/error-encode.js";
import { roleOf } from "../shared/calls.js";
import { encodeAnnotation } from "../shared/citations.js";
import { encodePhase } from "../shared/phase.js";
import { type ClientTool, clientTools } from "../shared/tools.js";
import { AnswerItems } from "./answer-items.js";
import { ItemEvents } from "./item-events.js";
import {
  callFields,
  findingFields,
  foreignCall,
  imageFields,
  isCut,
  ownState,
  stateFor,
  WrittenPart,
} from "./items.js";
import { emptyResponse, endedResponse, failedResponse } from "./response-object.js";

/** A call in progress. */
interface OpenCall {
  readonly id: string;
  readonly name: string;
  /** The namespace of its tool. */
  readonly namespace?: string;
  /** Its text is the input of a text tool. */
  readonly asText: boolean;
}

/**
 * Writes an answer as the dialect's events (https://platform.openai.com/docs/api-reference/responses-streaming). An
 * item ends when the next begins, since what belongs to it may follow its text: the sources of a message, what a
 * provider's tool found.
 */
export class OpenAIResponsesStreamEncoder extends AnswerWriter {
  protected override readonly textCalls = true;
  /** The response object of the last event. */
  response: JsonObject = {};
  private readonly events: ItemEvents;
  private readonly items: AnswerItems;
  /** Parts that have begun and not ended. */
  private readonly parts = new Map<number, WrittenPart>();
  private readonly calls = new Map<number, OpenCall>();
  /** Texts, which sources cite by their position in the answer. */
  private readonly texts = new Map<number, WrittenPart>();
  private lastText: WrittenPart | undefined;
  private empty: JsonObject = {};
  /** The tools that this dialect names or types otherwise, by their names in the contract. */
  private readonly tools: ReadonlyMap<string, ClientTool>;

  /** @param write takes the frames; without it only the whole response is made. */
  constructor(write: ((frame: Frame) => void) | undefined, facts: ServerFacts) {
    super(write ?? (() => {}), facts);
    this.events = new ItemEvents(write);
    this.items = new AnswerItems(this.events);
    this.tools = clientTools(facts.echo?.["tools"]);
  }

  protected routeOf(head: PartHead): PartRoute {
    switch (head.type) {
      case "text":
      case "refusal":
      case "reasoning":
      case "tool-call":
        return "pieces";
      case "image":
        return "whole";
      case "audio":
        // The dialect has no sound; `cannot` says so.
        return "omit";
      default: {
        const never: never = head;
        throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
      }
    }
  }

  protected encodeHead(): void {
    this.items.responseId = this.names.id;
    this.empty = emptyResponse(this.names, this.facts);
    this.events.send("response.created", { response: this.empty });
    this.events.send("response.in_progress", { response: this.empty });
  }

  protected encodeEnd(response: ChatResponse): void {
    this.response = endedResponse(this.empty, this.items.end(), response);
    const incomplete = this.response["status"] === "incomplete";
    this.events.send(incomplete ? "response.incomplete" : "response.completed", { response: this.response });
  }

  protected encodeFailure(error: AiLibError): void {
    this.begin();
    // OpenAI documents the fields beside the type and sends them in an object; its SDKs look for the object.
    const fields = asObject(errorBody(error)["error"]) ?? {};
    const { code, message, param } = fields;
    this.events.send("error", { code, message, param, error: fields });
    this.response = failedResponse(this.empty, error);
    this.events.send("response.failed", { response: this.response });
  }

  protected encodePartStart({ index, part, origin }: PartStartEvent): void {
    switch (part.type) {
      case "text":
      case "refusal": {
        const known = stateFor(origin, "message");
        const phase = part.type === "text" ? encodePhase(part.phase) : undefined;
        const state = phase === undefined ? known : { type: "message", ...known, phase };
        const item = this.items.itemFor("message", state);
        const written = new WrittenPart(part.type, item);
        this.openPart(index, written);
        item.add(written);
        this.events.partAdded(written);
        if (part.type === "text") {
          this.texts.set(index, written);
          this.lastText = written;
        }
        break;
      }
      case "reasoning": {
        const type = asString(ownState(origin)?.["type"]) ?? "reasoning";
        const state = stateFor(origin, type);
        if (type !== "reasoning") this.items.whole(type, state);
        else {
          const kind = state?.["place"] === "content" ? "content" : "summary";
          this.openPart(index, new WrittenPart(kind, this.items.itemFor("reasoning", state)));
        }
        break;
      }
      case "tool-call":
        this.startCall(index, part, origin);
        break;
      case "image":
      case "audio":
        break;
      default: {
        const never: never = part;
        throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
      }
    }
  }

  private startCall(
    index: number,
    part: Extract<PartStartEvent["part"], { type: "tool-call" }>,
    origin: Origin | undefined,
  ): void {
    const given = asString(ownState(origin)?.["type"]) ?? "";
    const own = roleOf(given) === "call";
    const foreign = !own && part.executedBy !== undefined;
    const named = part.executedBy !== undefined || ownState(origin)?.["namespace"] !== undefined;
    const known = named ? undefined : this.tools.get(part.name);
    const type =
      own && given !== "function_call"
        ? given
        : foreign
          ? "mcp_call"
          : part.inputEncoding === "text"
            ? "custom_tool_call"
            : (known?.type ?? "function_call");
    const item = this.items.begin(type, foreign ? { id: part.id, ...foreignCall } : stateFor(origin, type));
    item.awaitsResult = foreign;
    const asText = part.inputEncoding === "text";
    const call: OpenCall = { ...known, id: part.id, name: known?.name ?? part.name, asText };
    item.fields = callFields(type, call, "");
    this.calls.set(index, call);
    item.streamsInput = asText;
    this.openPart(index, new WrittenPart(asText ? "input" : "call", item));
    this.events.itemAdded(item);
  }

  protected encodeDelta(event: DeltaEvent): void {
    const part = this.parts.get(event.index);
    if (part === undefined) return;
    // A summary begins with its first delta, since reasoning may consist of state alone.
    if (part.place < 0 && part.kind !== "call" && part.kind !== "input") {
      part.item.add(part);
      this.events.partAdded(part);
    }
    part.text += event.text;
    if (event.logprobs !== undefined) {
      part.logprobs ??= [];
      part.logprobs.push(...event.logprobs);
    }
    this.events.delta(part, event);
  }

  protected encodePartEnd({ index, origin, cut }: PartEndEvent): void {
    const part = this.parts.get(index);
    if (part === undefined) return;
    this.parts.delete(index);
    const { item } = part;
    item.open--;
    if (!item.awaitsResult) item.takeState(stateFor(origin, item.type));
    const call = this.calls.get(index);
    if (call === undefined) return;
    this.calls.delete(index);
    item.fields = { ...item.fields, ...callFields(item.type, call, part.text) };
    if (call.asText ? cut === true : isCut(part.text)) item.fields["status"] = "incomplete";
  }

  protected encodePart({ part }: PartEvent): void {
    switch (part.type) {
      case "source":
        this.annotate(part);
        break;
      case "tool-result":
        this.addResult(part);
        break;
      case "image": {
        const fields = imageFields(part);
        if (fields !== undefined)
          this.items.whole("image_generation_call", stateFor(part.origin, "image_generation_call"), fields);
        break;
      }
      case "compaction":
        this.items.whole("compaction", stateFor(part.origin, "compaction"));
        break;
      case "audio":
      case "file":
        break;
      case "text":
      case "refusal":
      case "reasoning":
      case "tool-call":
        // These come in pieces.
        break;
      default: {
        const never: never = part;
        throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
      }
    }
  }

  /** The result of a provider's tool: an item of its own if it came as one, else fields of its call's item. */
  private addResult(part: ToolResultPart): void {
    const type = asString(ownState(part.origin)?.["type"]);
    if (type !== undefined) {
      this.items.whole(type, stateFor(part.origin, type));
      return;
    }
    const call = this.items.awaiting(part.id);
    // Without such a call, its item has the result already.
    if (call === undefined) return;
    call.awaitsResult = false;
    call.fields = { ...call.fields, ...findingFields(part) };
  }

  private annotate(source: SourcePart): void {
    const annotation = encodeAnnotation(source);
    if (annotation === undefined) return;
    const cited = source.cites === undefined ? undefined : this.texts.get(source.cites.index);
    // An item that has ended takes no more; the source then goes to the last text.
    const text = [cited, this.lastText].find((one) => one?.item.done === false) ?? this.emptyText();
    const list = text.item.annotations(text.place);
    const placed = placedAnnotation(annotation, text.text);
    list.push(placed);
    this.events.annotationAdded(text, placed, list.length - 1);
  }

  /** A text for sources, if there is none or it has ended. */
  private emptyText(): WrittenPart {
    const item = this.items.itemFor("message", undefined);
    const text = new WrittenPart("text", item);
    item.add(text);
    this.events.partAdded(text);
    this.lastText = text;
    return text;
  }

  private openPart(index: number, part: WrittenPart): void {
    this.parts.set(index, part);
    part.item.open++;
  }
}

/** An annotation with every field that clients need. Without a place it covers the whole text. */
function placedAnnotation(annotation: JsonObject, text: string): JsonObject {
  const { title, filename, start_index, end_index, index } = annotation;
  const place = { start_index: start_index ?? 0, end_index: end_index ?? text.length };
  switch (annotation["type"]) {
    case "url_citation":
      return { ...annotation, title: title ?? "", ...place };
    case "container_file_citation":
      return { ...annotation, filename: filename ?? "", ...place };
    case "file_citation":
      return { ...annotation, filename: filename ?? "", index: index ?? 0 };
    default:
      return { ...annotation, index: index ?? 0 };
  }
}
