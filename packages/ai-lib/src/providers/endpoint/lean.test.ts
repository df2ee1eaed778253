import { describe, expect, it } from "vitest";
import type { TransportRequest, TransportSink } from "../../core/contract/transport.js";
import { client } from "../../dialects/openai-chat/client/index.js";
import { endpoint } from "./lean.js";

const DATA = { id: "labs", baseUrl: "https://llm.labs.example/v1", model: "gpt-x" } as const;
const ANSWER = {
  choices: [{ index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
};

function answering(sent: TransportRequest[]) {
  return {
    open(request: TransportRequest, sink: TransportSink) {
      sent.push(request);
      queueMicrotask(() => {
        sink.head(200, { "content-type": "application/json" });
        sink.data(new TextEncoder().encode(JSON.stringify(ANSWER)));
        sink.end();
      });
      return { pause() {}, resume() {}, abort: () => undefined };
    },
  };
}

describe("endpoint", () => {
  it("asks an endpoint in the dialect that it was given", async () => {
    const sent: TransportRequest[] = [];
    const labs = endpoint(client, DATA, { apiKey: "k", transport: answering(sent) });
    const { text } = await labs.chat({ messages: [{ role: "user", content: "Hi" }] });
    expect(text).toBe("Hello");
    expect(sent[0]?.url).toBe("https://llm.labs.example/v1/chat/completions");
  });

  it("has no files, no batches and no jobs, whatever its data says", async () => {
    const files = { path: "/files", maxBytes: 1_000 } as const;
    const labs = endpoint(client, { ...DATA, files }, { apiKey: "k", transport: answering([]) });
    expect([labs.files, labs.batches, labs.jobs]).toEqual([undefined, undefined, undefined]);
    await expect(labs.uploadFile({ name: "a", content: new Uint8Array(1) } as never)).rejects.toMatchObject({
      code: "UNSUPPORTED_FEATURE",
    });
  });

  it("refuses something that is not a dialect, and an API that is not in the bundle", async () => {
    expect(() => endpoint("openai-chat" as never, DATA)).toThrow(
      expect.objectContaining({ code: "CONFIG_ERROR" }),
    );
    const kinds = { embed: { api: "voyage-embeddings" } } as const;
    const labs = endpoint(client, { ...DATA, kinds }, { apiKey: "k", transport: answering([]) });
    await expect(labs.embed({ inputs: ["a"] })).rejects.toMatchObject({ code: "CONFIG_ERROR" });
  });
});
