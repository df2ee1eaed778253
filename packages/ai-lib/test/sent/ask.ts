import type { Transport } from "../../src/core/contract/transport.js";
import { AiLibError } from "../../src/core/errors/error.js";
import type { ChatRequest } from "../../src/core/values/chat-request.js";
import type { ChatResponse } from "../../src/core/values/chat-response.js";
import type { JsonObject } from "../../src/core/values/json.js";
import type { ProviderOptions } from "../../src/providers/endpoint/provider.js";
import { provider } from "../../src/providers/spec.js";

/** A request as it leaves for a vendor. */
export interface SentRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body as JSON; any, since each vendor has a shape of its own. */
  readonly body: any;
}

/** A whole answer of each dialect that says "ok", or calls a tool. */
export const REPLIES: Readonly<
  Record<string, (call?: { id: string; name: string; args: JsonObject }) => JsonObject>
> = {
  "openai-chat": chatCompletion,
  "mistral-chat": chatCompletion,
  "openai-responses": (call) => ({
    id: "r",
    status: "completed",
    model: "m",
    output:
      call === undefined
        ? [
            {
              type: "message",
              role: "assistant",
              content: [{ type: "output_text", text: "ok", annotations: [] }],
            },
          ]
        : [
            {
              type: "function_call",
              call_id: call.id,
              name: call.name,
              arguments: JSON.stringify(call.args),
            },
          ],
    usage: { input_tokens: 1, output_tokens: 1 },
  }),
  "anthropic-messages": (call) => ({
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "m",
    content: [
      call === undefined
        ? { type: "text", text: "ok" }
        : { type: "tool_use", id: call.id, name: call.name, input: call.args },
    ],
    stop_reason: call === undefined ? "end_turn" : "tool_use",
    usage: { input_tokens: 1, output_tokens: 1 },
  }),
  gemini: (call) => ({
    candidates: [
      {
        content: {
          role: "model",
          parts: [
            call === undefined
              ? { text: "ok" }
              : { functionCall: { id: call.id, name: call.name, args: call.args } },
          ],
        },
        finishReason: "STOP",
      },
    ],
    usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1 },
  }),
  "cohere-chat": (call) => ({
    id: "c",
    finish_reason: call === undefined ? "COMPLETE" : "TOOL_CALL",
    message:
      call === undefined
        ? { role: "assistant", content: [{ type: "text", text: "ok" }] }
        : {
            role: "assistant",
            tool_calls: [
              {
                id: call.id,
                type: "function",
                function: { name: call.name, arguments: JSON.stringify(call.args) },
              },
            ],
          },
    usage: { tokens: { input_tokens: 1, output_tokens: 1 } },
  }),
  "bedrock-converse": (call) => ({
    output: {
      message: {
        role: "assistant",
        content: [
          call === undefined
            ? { text: "ok" }
            : { toolUse: { toolUseId: call.id, name: call.name, input: call.args } },
        ],
      },
    },
    stopReason: call === undefined ? "end_turn" : "tool_use",
    usage: { inputTokens: 1, outputTokens: 1 },
  }),
  "ollama-chat": (call) => ({
    model: "m",
    message: {
      role: "assistant",
      content: call === undefined ? "ok" : "",
      ...(call === undefined
        ? {}
        : { tool_calls: [{ id: call.id, function: { name: call.name, arguments: call.args } }] }),
    },
    done: true,
    done_reason: "stop",
  }),
};

function chatCompletion(call?: { id: string; name: string; args: JsonObject }): JsonObject {
  const message =
    call === undefined
      ? { role: "assistant", content: "ok" }
      : {
          role: "assistant",
          content: null,
          tool_calls: [
            {
              id: call.id,
              type: "function",
              function: { name: call.name, arguments: JSON.stringify(call.args) },
            },
          ],
        };
  return {
    id: "c",
    model: "m",
    choices: [{ index: 0, message, finish_reason: call === undefined ? "stop" : "tool_calls" }],
    usage: { prompt_tokens: 1, completion_tokens: 1 },
  };
}

/** A transport that answers with replies in turn, the last one again and again, and keeps what was sent. */
export function recorder(replies: readonly JsonObject[]): { transport: Transport; sent: SentRequest[] } {
  const sent: SentRequest[] = [];
  const transport: Transport = {
    open(request, sink) {
      const { url, headers, body } = request;
      sent.push({
        url,
        headers,
        body: typeof body === "string" && body.startsWith("{") ? JSON.parse(body) : body,
      });
      const { __status: status = 200, ...reply } = replies[Math.min(sent.length, replies.length) - 1] ?? {};
      queueMicrotask(() => {
        sink.head(Number(status), { "content-type": "application/json" });
        sink.data(new TextEncoder().encode(JSON.stringify(reply)));
        sink.end();
      });
      return { pause() {}, resume() {}, abort: () => undefined };
    },
  };
  return { transport, sent };
}

/** Asks a provider once. */
export async function ask(
  spec: string,
  request: ChatRequest,
  { replies, ...options }: ProviderOptions & { readonly replies?: readonly JsonObject[] } = {},
): Promise<{ sent: SentRequest[]; response?: ChatResponse; error?: AiLibError }> {
  const { dialect } = provider(spec, { apiKey: "key", ...options }).data;
  const { transport, sent } = recorder(replies ?? [REPLIES[dialect]?.() ?? {}]);
  try {
    return { sent, response: await provider(spec, { apiKey: "key", ...options, transport }).chat(request) };
  } catch (error) {
    return { sent, error: AiLibError.from(error) };
  }
}

/** A provider of each dialect, with a model. */
export const TARGETS = {
  "openai-chat": "openai/gpt-4.1",
  "openai-responses": "openai-responses/gpt-4.1",
  "anthropic-messages": "anthropic/claude-sonnet-4-5",
  gemini: "google/gemini-2.5-flash",
  "mistral-chat": "mistral/mistral-large-latest",
  "cohere-chat": "cohere/command-a-03-2025",
  "bedrock-converse": "bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0",
  "ollama-chat": "ollama/llava",
} as const;
