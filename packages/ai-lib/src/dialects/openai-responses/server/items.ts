import {
  asString,
  isObject,
  type JsonObject,
  type MutableJson,
  tryParse,
} from "../../../core/values/json.js";
import {
  type ImagePart,
  type Origin,
  type TokenLogprob,
  type ToolResultPart,
  textOf,
} from "../../../core/values/message.js";
import { encodeTokenLogprobs } from "../../shared/common/logprobs.js";
import { roleOf } from "../shared/calls.js";
import { wrapState } from "./state.js";

/** What a server calls the tools of providers that speak other dialects: a remote server's, whose calls are plain. */
const SERVER_LABEL = "provider";

/** How ids of items begin. */
const PREFIXES: Readonly<Record<string, string>> = {
  message: "msg",
  reasoning: "rs",
  function_call: "fc",
  custom_tool_call: "ctc",
  image_generation_call: "ig",
};

/** State that this dialect's client half wrote: its `type` is one of an item's. Other families' is left out. */
export function ownState(origin: Origin | undefined): JsonObject | undefined {
  const type = asString(origin?.data["type"]);
  return type === undefined || roleOf(type) === "unknown" ? undefined : origin?.data;
}

/**
 * What an item of this type tells of a part's state: its own fields where the state is one of such an item, and
 * state of another family in a wrapping. OpenAI's own needs none.
 */
export function stateFor(origin: Origin | undefined, type: string): JsonObject | undefined {
  const told = ownState(origin);
  const own = told?.["type"] === type ? told : undefined;
  const wrapped = wrapState(origin, type);
  return wrapped === undefined ? own : { type, ...own, ...wrapped };
}

/** An id for an item that brought none: told apart by the response, and by its place in it. */
export function itemId(type: string, responseId: string, at: number): string {
  return `${PREFIXES[type] ?? "item"}_${responseId.replace(/^resp_/, "")}_${at}`;
}

/** One part of an item that is being written. */
export class WrittenPart {
  text = "";
  logprobs: TokenLogprob[] | undefined;
  /** Its place in the item's list; -1 while it has none. */
  place = -1;

  constructor(
    readonly kind: "text" | "refusal" | "summary" | "content" | "call",
    readonly item: WrittenItem,
  ) {}

  /** The part as it stands in the item's list. */
  json(): JsonObject {
    switch (this.kind) {
      case "text":
        return {
          type: "output_text",
          text: this.text,
          annotations: this.item.annotations(this.place),
          logprobs: encodeTokenLogprobs(this.logprobs ?? []),
        };
      case "refusal":
        return { type: "refusal", refusal: this.text };
      case "summary":
        return { type: "summary_text", text: this.text };
      default:
        return { type: "reasoning_text", text: this.text };
    }
  }
}

/** One item that is being written. */
export class WrittenItem {
  /** Parts of it that have begun and not ended. */
  open = 0;
  done = false;
  /** The result that its tool finds is still to come. */
  awaitsResult = false;
  /** Parts of its lists, in order. */
  readonly parts: WrittenPart[] = [];
  /** Fields besides those of its state and its parts. */
  fields: MutableJson = {};
  /** The state has been told to its end, so that its status is the last. */
  private told = false;
  private readonly cited = new Map<number, JsonObject[]>();

  constructor(
    readonly at: number,
    readonly id: string,
    readonly type: string,
    /** What the source told of the item. */
    private state: JsonObject | undefined,
  ) {}

  /** Takes the state that a part ended with. */
  tell(state: JsonObject | undefined): void {
    if (state === undefined || state["type"] !== this.type) return;
    this.state = { ...this.state, ...state };
    this.told = true;
  }

  /** Annotations of a text, as they have come so far. */
  annotations(place: number): JsonObject[] {
    let list = this.cited.get(place);
    if (list === undefined) {
      list = [];
      this.cited.set(place, list);
    }
    return list;
  }

  /** Adds a part to the list that its kind stands in. */
  add(part: WrittenPart): void {
    part.place = this.list(part.kind).length;
    this.parts.push(part);
  }

  /** The item as it is announced. */
  announced(): JsonObject {
    const { place: _place, encrypted_content: _cipher, ...state } = this.state ?? {};
    const status = this.type === "reasoning" ? {} : { status: "in_progress" };
    return { ...state, ...this.fields, ...status, id: this.id, type: this.type, ...this.lists() };
  }

  /** The whole item, as it stands now. */
  json(): JsonObject {
    const { place: _place, ...state } = this.state ?? {};
    const ended = this.told || this.type === "reasoning" ? {} : { status: "completed" };
    return { ...state, ...ended, ...this.fields, id: this.id, type: this.type, ...this.lists() };
  }

  private lists(): JsonObject {
    if (this.type === "message") return { role: "assistant", content: this.parts.map((part) => part.json()) };
    if (this.type !== "reasoning") return {};
    const content = this.list("content").map((part) => part.json());
    return {
      summary: this.list("summary").map((part) => part.json()),
      ...(content.length === 0 ? {} : { content }),
    };
  }

  private list(kind: WrittenPart["kind"]): WrittenPart[] {
    return this.parts.filter((part) => (part.kind === "summary") === (kind === "summary"));
  }
}

/** The fields that a call's part tells of its item. */
export function callFields(
  type: string,
  call: { readonly id: string; readonly name: string },
  text: string,
): MutableJson {
  switch (type) {
    case "function_call":
      return { call_id: call.id, name: call.name, arguments: text };
    case "custom_tool_call":
      return { call_id: call.id, name: call.name, input: inputOf(text) };
    case "mcp_call":
      return { name: call.name, arguments: text };
    default:
      return {};
  }
}

/** A call that a provider of another dialect ran is told as that of a remote server's tool. */
export const foreignCall: JsonObject = { server_label: SERVER_LABEL, output: null, error: null };

/** Whether the token limit broke a call's arguments off. */
export function isCut(text: string): boolean {
  return text.trim() !== "" && !isObject(tryParse(text));
}

/** The text within `{ "input": "..." }`, also where it was broken off. */
function inputOf(text: string): string {
  for (const whole of [text, `${text}"}`]) {
    const value = tryParse(whole);
    const input = isObject(value) ? value["input"] : undefined;
    if (typeof input === "string") return input;
  }
  return text;
}

/** What a provider's tool found, in the fields of its call. */
export function findingFields(part: ToolResultPart): JsonObject {
  const text = typeof part.content === "string" ? part.content : contentText(part);
  return part.isError === true ? { error: text, status: "failed" } : { output: text };
}

function contentText(part: ToolResultPart): string {
  const plain = typeof part.content !== "string" && part.content.every(({ type }) => type === "text");
  return plain ? textOf(part.content) : JSON.stringify(part.content);
}

/** A picture as the item of the tool that makes pictures; undefined for one without bytes. */
export function imageFields(part: ImagePart): MutableJson | undefined {
  if (part.data === undefined) return undefined;
  return { output_format: (part.mediaType ?? "image/png").replace(/^image\//, ""), result: part.data };
}
