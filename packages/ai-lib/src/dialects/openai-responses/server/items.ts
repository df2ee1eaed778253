import {
  asString,
  entryOf,
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
import type { TextTemplate } from "../../shared/common/text-template.js";
import { roleOf } from "../shared/calls.js";
import { wrapState } from "./state.js";

/** The label of tools that providers of other dialects ran. They are written as tools of a remote server, whose calls are plain. */
const SERVER_LABEL = "provider";

/** Items that always have a status, also where their state is that of another family. */
const NEEDS_STATUS: ReadonlySet<string> = new Set([
  "message",
  "function_call",
  "custom_tool_call",
  "image_generation_call",
]);

/** Prefixes of item ids. */
const PREFIXES: Readonly<Record<string, string>> = {
  message: "msg",
  reasoning: "rs",
  function_call: "fc",
  custom_tool_call: "ctc",
  image_generation_call: "ig",
};

/** State of this dialect's items, recognised by its `type`; undefined for other state. */
export function ownState(origin: Origin | undefined): JsonObject | undefined {
  const type = asString(origin?.data["type"]);
  return type === undefined || roleOf(type) === "unknown" ? undefined : origin?.data;
}

/**
 * The state of a part in an item of this type: the item's own fields if the state is of such an item, and
 * state of another family in a wrapper.
 */
export function stateFor(origin: Origin | undefined, type: string): JsonObject | undefined {
  const state = ownState(origin);
  const own = state?.["type"] === type ? state : undefined;
  const wrapped = wrapState(origin, type);
  return wrapped === undefined ? own : { type, ...own, ...wrapped };
}

/** An id for an item without one, unique by response and position. */
export function itemId(type: string, responseId: string, at: number): string {
  return `${entryOf(PREFIXES, type) ?? "item"}_${responseId.replace(/^resp_/, "")}_${at}`;
}

/** One part of an item in progress. */
export class WrittenPart {
  text = "";
  logprobs: TokenLogprob[] | undefined;
  /** Its position in the item's list; -1 while it has none. */
  place = -1;
  /** Its deltas, from the first one on. */
  deltas: TextTemplate | undefined;

  constructor(
    readonly kind: "text" | "refusal" | "summary" | "content" | "call" | "input",
    readonly item: WrittenItem,
  ) {}

  /** The part as an entry of the item's list. */
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

/** Items without a status. */
const HAS_NO_STATUS: ReadonlySet<string> = new Set(["reasoning", "compaction"]);

/** One item in progress. */
export class WrittenItem {
  /** Parts of it that have begun and not ended. */
  open = 0;
  done = false;
  /** The input of its text tool is written as it comes. */
  streamsInput = false;
  /** The result of its tool has not arrived yet. */
  awaitsResult = false;
  /** Parts of its lists, in order. */
  readonly parts: WrittenPart[] = [];
  /** Fields besides those of its state and its parts. */
  fields: MutableJson = {};
  /** The state is complete, so that its status is final. */
  private complete = false;
  private readonly cited = new Map<number, JsonObject[]>();

  constructor(
    readonly at: number,
    readonly id: string,
    readonly type: string,
    /** The source's state of the item. */
    private state: JsonObject | undefined,
  ) {}

  /** Takes the state at a part's end. */
  takeState(state: JsonObject | undefined): void {
    if (state === undefined || state["type"] !== this.type) return;
    this.state = { ...this.state, ...state };
    this.complete = true;
  }

  /** The annotations of a text so far. */
  annotations(place: number): JsonObject[] {
    let list = this.cited.get(place);
    if (list === undefined) {
      list = [];
      this.cited.set(place, list);
    }
    return list;
  }

  /** Adds a part to the list of its kind. */
  add(part: WrittenPart): void {
    part.place = this.list(part.kind).length;
    this.parts.push(part);
  }

  /** The item as it is announced. */
  announced(): JsonObject {
    const { place: _place, encrypted_content: cipher, ...state } = this.state ?? {};
    const status = HAS_NO_STATUS.has(this.type) ? {} : { status: "in_progress" };
    // A compaction consists of its content, which the vendor's types require.
    const content = this.type === "compaction" ? { encrypted_content: cipher ?? "" } : {};
    return { ...state, ...content, ...this.fields, ...status, id: this.id, type: this.type, ...this.lists() };
  }

  /** The whole item as it is now. */
  json(): JsonObject {
    const { place: _place, ...state } = this.state ?? {};
    const whole = this.complete && (state["status"] !== undefined || !NEEDS_STATUS.has(this.type));
    const ended = whole || HAS_NO_STATUS.has(this.type) ? {} : { status: "completed" };
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

/** The fields of an item that come from its call. */
export function callFields(
  type: string,
  call: { readonly id: string; readonly name: string; readonly namespace?: string; readonly asText: boolean },
  text: string,
): MutableJson {
  const namespace = call.namespace === undefined ? {} : { namespace: call.namespace };
  switch (type) {
    case "function_call":
      return { call_id: call.id, ...namespace, name: call.name, arguments: text };
    case "custom_tool_call":
      return { call_id: call.id, ...namespace, name: call.name, input: call.asText ? text : inputOf(text) };
    case "mcp_call":
      return { name: call.name, arguments: text };
    default:
      return {};
  }
}

/** Fields of a call that a provider of another dialect ran: it is written as a call of a remote server's tool. */
export const foreignCall: JsonObject = { server_label: SERVER_LABEL, output: null, error: null };

/** Whether the token limit cut the arguments of a call. */
export function isCut(text: string): boolean {
  return text.trim() !== "" && !isObject(tryParse(text));
}

/** The text within `{ "input": "..." }`, even if it was cut. */
function inputOf(text: string): string {
  for (const whole of [text, `${text}"}`]) {
    const value = tryParse(whole);
    const input = isObject(value) ? value["input"] : undefined;
    if (typeof input === "string") return input;
  }
  return text;
}

/** The result of a provider's tool, in the fields of its call. */
export function findingFields(part: ToolResultPart): JsonObject {
  const text = typeof part.content === "string" ? part.content : contentText(part);
  return part.isError === true ? { error: text, status: "failed" } : { output: text };
}

function contentText(part: ToolResultPart): string {
  const plain = typeof part.content !== "string" && part.content.every(({ type }) => type === "text");
  return plain ? textOf(part.content) : JSON.stringify(part.content);
}

/** A picture as the item of the tool that makes pictures; undefined without bytes. */
export function imageFields(part: ImagePart): MutableJson | undefined {
  if (part.data === undefined) return undefined;
  return { output_format: (part.mediaType ?? "image/png").replace(/^image\//, ""), result: part.data };
}
