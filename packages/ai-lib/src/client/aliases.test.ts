import { describe, expect, it } from "vitest";
import { errorOf, request } from "../../test/support/calls.js";
import { memoryTransport } from "../../test/support/memory-transport.js";
import { scripted } from "../testing/scripted.js";
import { AiClient } from "./ai-client.js";
import { AiClientBuilder } from "./builder.js";

const ask = (model: string) => ({ ...request, model });

describe("an alias", () => {
  const main = scripted("main");
  const fast = scripted({ name: "fast-target", facts: { contextWindow: 7 } });

  it("selects its own target, with that target's model", async () => {
    const client = new AiClient(main, { aliases: { fast, exact: { provider: fast, model: "m-1" } } });
    expect((await client.chat("x")).provider).toBe("main");
    expect((await client.chat(ask("fast"))).provider).toBe("fast-target");
    expect(fast.requests.at(-1)?.model).toBeUndefined();
    expect((await client.stream(ask("exact")).response()).provider).toBe("fast-target");
    expect(fast.requests.at(-1)?.model).toBe("m-1");
    expect((await client.chat(ask("another"))).provider).toBe("main");
  });

  it("may be the client's default model, and is used by batches", async () => {
    const client = new AiClient(main, { model: "fast", aliases: { fast } });
    expect((await client.chat("x")).provider).toBe("fast-target");
    const items = await client.batch(["x", ask("m")]);
    expect(items.map(({ response }) => response?.provider)).toEqual(["fast-target", "main"]);
  });

  it("has the facts, kinds and models of its target", async () => {
    const vectors = scripted<"embed">({ name: "vectors", kinds: ["embed"] });
    const client = new AiClient(main, { aliases: { fast, vectors } });
    expect([client.facts("fast"), client.facts("other")]).toEqual([{ contextWindow: 7 }, undefined]);
    expect([...client.kinds()]).toEqual(["chat", "embed"]);
    expect((await client.embed({ model: "vectors", inputs: ["x"] })).provider).toBe("vectors");
  });

  it("is written as a text, with the provider and the model", async () => {
    const sent: string[] = [];
    const transport = memoryTransport({
      status: 200,
      headers: {},
      body: new TextEncoder().encode(JSON.stringify({ choices: [{ message: { content: "ok" } }] })),
    });
    const recording: typeof transport = {
      open(given, sink) {
        sent.push(`${given.url} ${JSON.parse(String(given.body)).model}`);
        return transport.open(given, sink);
      },
    };
    const client = new AiClientBuilder("openai")
      .withApiKey("k")
      .withTransport(recording)
      .withEnvironment({ GROQ_API_KEY: "g" })
      .withAliases({ fast: "groq/openai/gpt-oss-20b" })
      .withRetry()
      .build();
    await client.chat(ask("fast"));
    expect(sent).toEqual(["https://api.groq.com/openai/v1/chat/completions openai/gpt-oss-20b"]);
    expect(client.members.map(({ name }) => name)).toEqual(["retry(openai)", "retry(groq)"]);
  });

  it.each([
    [{ "": main }, "The name of an alias may not be empty"],
    [{ fast: 3 }, 'The alias "fast" must lead to a text'],
    [{ fast: { provider: "groq" } }, 'The alias "fast" must lead to a text'],
    [{ fast: { provider: main, model: "" } }, 'The alias "fast" must lead to a text'],
    [{ fast: "grog/x" }, 'There is no provider "grog"'],
  ])("is refused if it has no target: %j", (aliases, message) => {
    expect(() => new AiClient(main, { aliases: aliases as never })).toThrow(message);
  });

  it("is not a model of any provider if the client has no alias of that name", async () => {
    const strict = scripted({
      name: "s",
      replies: [{ error: { code: "MODEL_NOT_FOUND", message: "none" } }],
    });
    const client = new AiClient(strict, { aliases: { fast } });
    expect(await errorOf(client.chat(ask("toString")))).toMatchObject({ code: "MODEL_NOT_FOUND" });
  });
});
