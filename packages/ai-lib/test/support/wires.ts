import type { ClientHalf } from "../../src/core/contract/dialect.js";
import type { Frame } from "../../src/core/contract/transport.js";
import { client as anthropic } from "../../src/dialects/anthropic-messages/client/index.js";
import { client as bedrock } from "../../src/dialects/bedrock-converse/client/index.js";
import { client as cohere } from "../../src/dialects/cohere-chat/client/index.js";
import { client as gemini } from "../../src/dialects/gemini/client/index.js";
import { client as mistral } from "../../src/dialects/mistral-chat/client/index.js";
import { client as ollama } from "../../src/dialects/ollama-chat/client/index.js";
import { client as openAiChat } from "../../src/dialects/openai-chat/client/index.js";
import { client as openAiResponses } from "../../src/dialects/openai-responses/client/index.js";

/** A call as a model wrote it: its arguments are text that may be broken. */
export interface WireCall {
  readonly id: string;
  readonly name: string;
  readonly args: string;
}

/** An answer on the wire, written by hand so that it may be wrong where no server half would be. */
export interface WireAnswer {
  /** Text; an empty one is a block without content. Default: no text. */
  readonly text?: string;
  readonly calls?: readonly WireCall[];
  /** The provider's finish reason. Default: that of an answer with calls, else that of a text. */
  readonly finish?: string;
}

/** Answers of one dialect on the wire, with 5 input and 7 output tokens. */
export interface Wire {
  readonly client: ClientHalf;
  whole(answer: WireAnswer): object;
  frames(answer: WireAnswer): Frame[];
}

const data = (value: object): Frame => ({ data: JSON.stringify(value) });
const named = (event: string, value: object): Frame => ({ event, data: JSON.stringify(value) });

/** Arguments in dialects that send a value and not its text: a broken text stays a string. */
function value(args: string): unknown {
  try {
    return JSON.parse(args) as unknown;
  } catch {
    return args;
  }
}

const chatUsage = { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 };
const chatCalls = (calls: readonly WireCall[]) =>
  calls.map(({ id, name, args }, index) => ({
    index,
    id,
    type: "function",
    function: { name, arguments: args },
  }));

function chatWire(client: ClientHalf): Wire {
  const message = ({ text, calls = [] }: WireAnswer) => ({
    role: "assistant",
    content: text ?? null,
    ...(calls.length === 0 ? {} : { tool_calls: chatCalls(calls) }),
  });
  const finishOf = ({ finish, calls = [] }: WireAnswer) =>
    finish ?? (calls.length > 0 ? "tool_calls" : "stop");
  return {
    client,
    whole: (answer) => ({
      id: "i",
      model: "m",
      choices: [{ index: 0, message: message(answer), finish_reason: finishOf(answer) }],
      usage: chatUsage,
    }),
    frames: (answer) => [
      data({ id: "i", model: "m", choices: [{ index: 0, delta: message(answer), finish_reason: null }] }),
      data({ id: "i", model: "m", choices: [{ index: 0, delta: {}, finish_reason: finishOf(answer) }] }),
      data({ id: "i", model: "m", choices: [], usage: chatUsage }),
      { data: "[DONE]" },
    ],
  };
}

function responsesItems({ text, calls = [] }: WireAnswer): object[] {
  const message = { type: "message", id: "msg_1", role: "assistant", status: "completed" };
  return [
    ...(text === undefined
      ? []
      : [{ ...message, content: [{ type: "output_text", text, annotations: [] }] }]),
    ...calls.map(({ id, name, args }) => ({
      type: "function_call",
      id: `fc_${id}`,
      call_id: id,
      name,
      arguments: args,
      status: "completed",
    })),
  ];
}

const responses: Wire = {
  client: openAiResponses,
  whole: (answer) => ({
    id: "resp_1",
    object: "response",
    model: "m",
    status: "completed",
    output: responsesItems(answer),
    usage: { input_tokens: 5, output_tokens: 7, total_tokens: 12 },
  }),
  frames(answer) {
    const created = { id: "resp_1", object: "response", model: "m", status: "in_progress", output: [] };
    return [
      data({ type: "response.created", response: created }),
      ...responsesItems(answer).map((item, output_index) =>
        data({ type: "response.output_item.done", output_index, item }),
      ),
      data({ type: "response.completed", response: responses.whole(answer) }),
    ];
  },
};

const anthropicFinish = ({ finish, calls = [] }: WireAnswer) =>
  finish ?? (calls.length > 0 ? "tool_use" : "end_turn");
const messages: Wire = {
  client: anthropic,
  whole: (answer) => ({
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "m",
    content: [
      ...(answer.text === undefined ? [] : [{ type: "text", text: answer.text }]),
      ...(answer.calls ?? []).map(({ id, name, args }) => ({
        type: "tool_use",
        id,
        name,
        input: value(args),
      })),
    ],
    stop_reason: anthropicFinish(answer),
    usage: { input_tokens: 5, output_tokens: 7 },
  }),
  frames(answer) {
    const { text, calls = [] } = answer;
    const message = { id: "msg_1", role: "assistant", model: "m", content: [], usage: { input_tokens: 5 } };
    const block = (index: number, content_block: object, delta: object | undefined): Frame[] => [
      data({ type: "content_block_start", index, content_block }),
      ...(delta === undefined ? [] : [data({ type: "content_block_delta", index, delta })]),
      data({ type: "content_block_stop", index }),
    ];
    const first = text === undefined ? 0 : 1;
    return [
      data({ type: "message_start", message }),
      ...(text === undefined ? [] : block(0, { type: "text", text: "" }, { type: "text_delta", text })),
      ...calls.flatMap(({ id, name, args }, i) =>
        block(
          first + i,
          { type: "tool_use", id, name, input: {} },
          args === "" ? undefined : { type: "input_json_delta", partial_json: args },
        ),
      ),
      data({
        type: "message_delta",
        delta: { stop_reason: anthropicFinish(answer) },
        usage: { output_tokens: 7 },
      }),
      data({ type: "message_stop" }),
    ];
  },
};

const google: Wire = {
  client: gemini,
  whole: ({ text, calls = [], finish = "STOP" }) => ({
    candidates: [
      {
        content: {
          role: "model",
          parts: [
            ...(text === undefined ? [] : [{ text }]),
            ...calls.map(({ id, name, args }) => ({ functionCall: { id, name, args: value(args) } })),
          ],
        },
        finishReason: finish,
      },
    ],
    usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 7, totalTokenCount: 12 },
    responseId: "i",
    modelVersion: "m",
  }),
  frames: (answer) => [data(google.whole(answer))],
};

const cohereFinish = ({ finish, calls = [] }: WireAnswer) =>
  finish ?? (calls.length > 0 ? "TOOL_CALL" : "COMPLETE");
const cohereUsage = { tokens: { input_tokens: 5, output_tokens: 7 } };
const cohereChat: Wire = {
  client: cohere,
  whole: (answer) => ({
    id: "i",
    finish_reason: cohereFinish(answer),
    message: {
      role: "assistant",
      content: answer.text === undefined ? [] : [{ type: "text", text: answer.text }],
      tool_calls: chatCalls(answer.calls ?? []),
    },
    usage: cohereUsage,
  }),
  frames(answer) {
    const { text, calls = [] } = answer;
    const event = (type: string, index: number, message: object) => data({ type, index, delta: { message } });
    return [
      data({ type: "message-start", id: "i", delta: { message: { role: "assistant" } } }),
      ...(text === undefined
        ? []
        : [
            event("content-start", 0, { content: { type: "text", text: "" } }),
            event("content-delta", 0, { content: { text } }),
            data({ type: "content-end", index: 0 }),
          ]),
      ...calls.flatMap(({ id, name, args }, index) => [
        event("tool-call-start", index, {
          tool_calls: { id, type: "function", function: { name, arguments: "" } },
        }),
        event("tool-call-delta", index, { tool_calls: { function: { arguments: args } } }),
        data({ type: "tool-call-end", index }),
      ]),
      data({ type: "message-end", delta: { finish_reason: cohereFinish(answer), usage: cohereUsage } }),
    ];
  },
};

const bedrockFinish = ({ finish, calls = [] }: WireAnswer) =>
  finish ?? (calls.length > 0 ? "tool_use" : "end_turn");
const bedrockUsage = { inputTokens: 5, outputTokens: 7, totalTokens: 12 };
const converse: Wire = {
  client: bedrock,
  whole: (answer) => ({
    output: {
      message: {
        role: "assistant",
        content: [
          ...(answer.text === undefined ? [] : [{ text: answer.text }]),
          ...(answer.calls ?? []).map(({ id, name, args }) => ({
            toolUse: { toolUseId: id, name, input: value(args) },
          })),
        ],
      },
    },
    stopReason: bedrockFinish(answer),
    usage: bedrockUsage,
  }),
  frames(answer) {
    const { text, calls = [] } = answer;
    const first = text === undefined ? 0 : 1;
    return [
      named("messageStart", { role: "assistant" }),
      ...(text === undefined
        ? []
        : [
            named("contentBlockDelta", { contentBlockIndex: 0, delta: { text } }),
            named("contentBlockStop", { contentBlockIndex: 0 }),
          ]),
      ...calls.flatMap(({ id, name, args }, i) => [
        named("contentBlockStart", {
          contentBlockIndex: first + i,
          start: { toolUse: { toolUseId: id, name } },
        }),
        named("contentBlockDelta", { contentBlockIndex: first + i, delta: { toolUse: { input: args } } }),
        named("contentBlockStop", { contentBlockIndex: first + i }),
      ]),
      named("messageStop", { stopReason: bedrockFinish(answer) }),
      named("metadata", { usage: bedrockUsage }),
    ];
  },
};

const ollamaChat: Wire = {
  client: ollama,
  whole: ({ text = "", calls = [], finish = "stop" }) => ({
    model: "m",
    created_at: "2026-01-01T00:00:00Z",
    message: {
      role: "assistant",
      content: text,
      tool_calls: calls.map(({ id, name, args }) => ({ id, function: { name, arguments: value(args) } })),
    },
    done: true,
    done_reason: finish,
    prompt_eval_count: 5,
    eval_count: 7,
  }),
  frames: (answer) => [data(ollamaChat.whole(answer))],
};

/** The dialects, each with its answers on the wire. */
export const WIRES: readonly Wire[] = [
  chatWire(openAiChat),
  responses,
  messages,
  google,
  chatWire(mistral),
  cohereChat,
  converse,
  ollamaChat,
];
