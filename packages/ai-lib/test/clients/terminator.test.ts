import { describe, expect, it } from "vitest";
import type { ClientHalf, ServerHalf } from "../../src/core/contract/dialect.js";
import { AiLibError } from "../../src/core/errors/error.js";
import { client as anthropicClient } from "../../src/dialects/anthropic-messages/client/index.js";
import { server as anthropic } from "../../src/dialects/anthropic-messages/server/index.js";
import { client as cohereClient } from "../../src/dialects/cohere-chat/client/index.js";
import { server as cohere } from "../../src/dialects/cohere-chat/server/index.js";
import { client as geminiClient } from "../../src/dialects/gemini/client/index.js";
import { server as gemini } from "../../src/dialects/gemini/server/index.js";
import { client as mistralClient } from "../../src/dialects/mistral-chat/client/index.js";
import { server as mistral } from "../../src/dialects/mistral-chat/server/index.js";
import { client as chatClient } from "../../src/dialects/openai-chat/client/index.js";
import { server as chat } from "../../src/dialects/openai-chat/server/index.js";
import { client as responsesClient } from "../../src/dialects/openai-responses/client/index.js";
import { server as responses } from "../../src/dialects/openai-responses/server/index.js";
import { framesFor, replayFrames, responseOf, targetFor } from "../support/halves.js";

/** The dialects whose streams are server-sent events. */
const HALVES: readonly (readonly [string, ClientHalf, ServerHalf])[] = [
  ["openai-chat", chatClient, chat],
  ["openai-responses", responsesClient, responses],
  ["anthropic-messages", anthropicClient, anthropic],
  ["gemini", geminiClient, gemini],
  ["mistral-chat", mistralClient, mistral],
  ["cohere-chat", cohereClient, cohere],
];

/** A text with what ends a stream, plain and behind a backslash. */
const TEXT = "It ends with [DONE]. \\[DONE]";

describe("What ends a stream", () => {
  it.each(HALVES)("is in no text of %s, and is read back", (_id, client, server) => {
    const frames = framesFor(server, responseOf([{ type: "text", text: TEXT }], { finishReason: "stop" }));
    expect(frames.filter(({ data }) => data !== "[DONE]" && data.includes("[DONE]"))).toEqual([]);
    const { outcome } = replayFrames(client, targetFor("labs"), frames);
    expect(outcome).toMatchObject({ response: { text: TEXT } });
  });

  it.each(HALVES)("is in no error of %s", (_id, _client, server) => {
    const data: string[] = [];
    const sink = server.encoder((frame) => data.push(frame.data), { id: "r", created: 0 });
    sink.event({ type: "start" });
    sink.fail(new AiLibError({ code: "STREAM_TRUNCATED", message: "Closed before [DONE]" }));
    expect(data.join("\n")).toContain("Closed before ");
    expect(data.filter((one) => one.includes("[DONE]"))).toEqual([]);
  });

  it.each(HALVES)("is in no error that %s makes of a cut stream", (_id, client) => {
    const { outcome } = replayFrames(client, targetFor("labs"), []);
    expect(outcome).toMatchObject({ error: { code: "STREAM_TRUNCATED" } });
    expect(outcome).not.toMatchObject({ error: { message: expect.stringContaining("[DONE]") } });
  });
});
