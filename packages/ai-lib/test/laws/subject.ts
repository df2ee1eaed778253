import type fc from "fast-check";
import type { Cannot, ClientHalf, Quirks, ServerHalf } from "../../src/core/contract/dialect.js";
import type { ChatRequest } from "../../src/core/values/chat-request.js";
import type { ErrorCode } from "../../src/core/values/error-code.js";
import type { JsonObject } from "../../src/core/values/json.js";
import type {
  ContentPart,
  Extensions,
  Message,
  Origin,
  ToolCallPart,
  ToolResultPart,
  UserPart,
} from "../../src/core/values/message.js";
import type { ModelInfo } from "../../src/core/values/model.js";
import type { FunctionTool, TextTool } from "../../src/core/values/tool.js";

/** State of a part as a reply of the dialect brings it, or, without its sender, as a request does. */
export type State = (data: JsonObject, family?: string) => { readonly origin: Origin };

/** A dialect under the laws: its halves, and the facts by which it differs from the others. */
export interface LawSubject {
  readonly client: ClientHalf;
  readonly server: ServerHalf;
  readonly cannot: Cannot;
  /** The provider whose state the dialect reads. */
  readonly provider: string;
  /** The model asked for, where the dialect looks at its name. */
  readonly model?: string;
  /** The target has tools that take text. Default: functions with one text field stand for them. */
  readonly textTools?: boolean;
  /** Answers have calls of text tools. Default: they are those of functions. */
  readonly textCalls?: boolean;
  /** Values of a kind of fact that every request of the dialect means without saying so. */
  readonly honoured?: Readonly<Record<string, (value: unknown, request: ChatRequest) => boolean>>;
  /** Leaves out of answers what a whole reply can say and a stream cannot. */
  readonly tame?: (content: readonly ContentPart[]) => readonly ContentPart[];
  /** Groups of parts that stand together and come back exactly as they were, state included. */
  readonly own: (state: State) => readonly fc.Arbitrary<ContentPart[]>[];
  /** The dialect fixes the order of parts: each group stands once at most, in the order of `own`. */
  readonly ordered?: boolean;
  /** The dialect names parts that had no name; such state is no fact of an answer. */
  readonly namesParts?: boolean;
  /** A history pairs results with calls by the name of the tool; ids come back renamed, on call and result alike. */
  readonly renamesCalls?: boolean;
  /** Groups that come back from the history of a request. Default: those of `own`. */
  readonly history?: (state: State) => readonly fc.Arbitrary<ContentPart[]>[];
  /** What the result of a call in a history has besides its id and a text. */
  readonly result?: (call: ToolCallPart, text: string, state: State) => Partial<ToolResultPart>;
  /** Quirks of a target that takes such a history. */
  readonly quirks?: Quirks;
  /** Kinds or texts that a request gains on its way, and are no invention: defaults that the dialect must name. */
  readonly adds?: readonly (string | RegExp)[];
  /** Requests, or what they have besides a greeting, that come back exactly and without a warning. */
  readonly asks?: readonly Partial<ChatRequest>[];
  /** Parts of a user that the dialect has no place for, without which an answer would be wrong. */
  readonly refuses?: readonly UserPart[];
  /** Codes that the dialect has no words for, and what they are read as. */
  readonly misread?: Partial<Record<ErrorCode, ErrorCode>>;
  /** Errors carry the id of the request. */
  readonly namesRequests?: boolean;
  /** Models that come back from a list exactly. */
  readonly models?: readonly Omit<ModelInfo, "provider">[];
}

/** Says that one value is honoured. */
export function only(honoured: unknown): (value: unknown) => boolean {
  return (value) => value === honoured;
}

/** Values that tables of several dialects need. */
export const hello: Message = { role: "user", content: "Hello" };
export const schema: JsonObject = {
  type: "object",
  properties: { a: { type: "string" } },
  required: ["a"],
  additionalProperties: false,
};
export const tool: FunctionTool = { type: "function", name: "f", description: "d", parameters: schema };

export const textTool: TextTool = {
  type: "text-tool",
  name: "sh",
  description: "d",
  grammar: { syntax: "lark", definition: "start: WORD" },
};

/** Vendor fields of a dialect. */
export function vendor(dialect: string, fields: JsonObject): Extensions {
  return { [dialect]: fields };
}
