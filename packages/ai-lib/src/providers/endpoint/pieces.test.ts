import { beforeAll, describe, expect, it } from "vitest";
import { AiClient } from "../../client/ai-client.js";
import type { TransportRequest, TransportSink } from "../../core/contract/transport.js";
import { AiLibError } from "../../core/errors/error.js";
import type { Json } from "../../core/values/json.js";
import { defineProvider } from "./define.js";
import { replyErrors } from "./exchange.js";

/** A server of embeddings that the test answers for. */
function server(answer: (texts: readonly string[], sink: TransportSink) => void) {
  const asked: (readonly string[])[] = [];
  let open = 0;
  let most = 0;
  let aborted = 0;
  const transport = {
    open(request: TransportRequest, sink: TransportSink) {
      const { input } = JSON.parse(String(request.body)) as { input: string[] };
      asked.push(input);
      most = Math.max(most, ++open);
      let over = false;
      setTimeout(() => {
        if (over) return;
        over = true;
        open--;
        answer(input, sink);
      }, 1);
      return {
        pause() {},
        resume() {},
        abort() {
          if (!over) aborted++;
          over = true;
          return undefined;
        },
      };
    },
  };
  const provider = defineProvider(
    {
      id: "labs",
      dialect: "openai-chat",
      baseUrl: "http://127.0.0.1:1",
      kinds: { embed: { model: "m", api: "jina-embeddings" } },
    },
    { apiKey: "k", transport: { open: (request, sink) => transport.open(texts(request), sink) } },
  );
  return { client: new AiClient(provider), asked, most: () => most, aborted: () => aborted };
}

/** Jina's inputs are objects; their texts are enough here. */
function texts(request: TransportRequest): TransportRequest {
  const { input } = JSON.parse(String(request.body)) as { input: { text: string }[] };
  return { ...request, body: JSON.stringify({ input: input.map(({ text }) => text) }) };
}

function reply(sink: TransportSink, status: number, body: Json): void {
  sink.head(status, { "content-type": "application/json" });
  sink.data(new TextEncoder().encode(JSON.stringify(body)));
  sink.end();
}

const vectors = (input: readonly string[], sink: TransportSink) =>
  reply(sink, 200, {
    data: input.map((text, index) => ({ index, embedding: [Number(text)] })),
    usage: { total_tokens: input.length },
  });

describe("a request in pieces", () => {
  // The server answers after a millisecond, and the load of the code for errors may take longer.
  beforeAll(() => replyErrors.load());

  const inputs = Array.from({ length: 2_700 }, (_, i) => String(i));

  it("is sent a few at a time, and answered once, in the order of its inputs", async () => {
    const { client, asked, most } = server(vectors);
    const { embeddings, usage, attempts } = await client.embed(inputs);
    expect(embeddings.map(([number]) => number)).toEqual(inputs.map(Number));
    expect(usage.inputTokens).toBe(2_700);
    expect(asked.map(({ length }) => length)).toEqual([512, 512, 512, 512, 512, 140]);
    expect(most()).toBe(4);
    expect(attempts).toHaveLength(1);
  });

  it("fails with the first failure, and closes what runs", async () => {
    const { client, asked, aborted } = server((input, sink) => {
      if (input[0] === "512") reply(sink, 400, { error: { message: "too long" } });
      else if (input[0] === "0") vectors(input, sink);
    });
    await expect(client.embed({ inputs, model: "m" })).rejects.toMatchObject({
      code: "INVALID_REQUEST",
      attempts: [{ outcome: "error" }],
    });
    expect(asked.length).toBeLessThanOrEqual(5);
    expect(aborted()).toBeGreaterThanOrEqual(2);
  });

  it("keeps the results in order before the first piece that is missing", async () => {
    const { client } = server((input, sink) => {
      if (input[0] === "1024") setTimeout(() => reply(sink, 400, { error: { message: "too long" } }), 30);
      else vectors(input, sink);
    });
    const error = await client.embed({ inputs, model: "m" }).catch((reason: unknown) => reason);
    if (!AiLibError.is<"embed">(error)) throw error;
    expect(error.message).toContain("2 of 6 pieces of the request were answered, and are in `partial`");
    expect(error.partial?.embeddings.map(([number]) => number)).toEqual(
      Array.from({ length: 1_024 }, (_, i) => i),
    );
    expect(error.partial?.usage.inputTokens).toBe(1_024);
  });

  it("is aborted as a whole", async () => {
    const { client, aborted } = server(() => {});
    const abort = new AbortController();
    const failed = client.embed({ inputs }, { signal: abort.signal });
    await new Promise((resolve) => setTimeout(resolve, 0));
    abort.abort();
    await expect(failed).rejects.toMatchObject({ code: "CANCELLED" });
    expect(aborted()).toBe(4);
  });
});
