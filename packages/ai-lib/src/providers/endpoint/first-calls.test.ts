import { describe, expect, it } from "vitest";
import { ScriptedTransport, type WireReply } from "../../../test/support/scripted-transport.js";
import { defineProvider } from "./define.js";

const chat = {
  choices: [{ index: 0, message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }],
};
const vectors = { data: [{ index: 0, embedding: [1, 2] }], usage: { prompt_tokens: 1 } };

describe("the first calls of an endpoint, which load what they use", () => {
  it.each<[first: string, order: readonly ("chat" | "embed")[]]>([
    ["a chat", ["chat", "embed"]],
    ["a list of vectors", ["embed", "chat"]],
    ["a chat, twice", ["chat", "chat", "embed"]],
  ])("at the same time are each sent as what they are: %s", async (_, order) => {
    const transport = new ScriptedTransport(
      order.map((): WireReply => ({ status: 500, json: { error: "no" } })),
    );
    const provider = defineProvider(
      {
        id: "labs",
        dialect: "openai-chat",
        baseUrl: "http://127.0.0.1:1",
        model: "m",
        kinds: { embed: { model: "e" } },
      },
      { apiKey: "k", transport },
    );
    const options = { maxAttempts: 1 };
    await Promise.allSettled(
      order.map((kind) =>
        kind === "chat"
          ? provider.chat({ messages: [{ role: "user", content: "Hi" }] }, options)
          : provider.embed({ inputs: ["a"] }, options),
      ),
    );
    const paths = order.map((kind) => `POST ${kind === "chat" ? "/chat/completions" : "/embeddings"}`);
    expect([...transport.sent].sort()).toEqual([...paths].sort());
  });

  it("are answered, each by its own reply", async () => {
    const replies = { "/chat/completions": chat, "/embeddings": vectors };
    const provider = defineProvider(
      {
        id: "labs",
        dialect: "openai-chat",
        baseUrl: "http://127.0.0.1:1",
        model: "m",
        kinds: { embed: { model: "e" } },
      },
      {
        apiKey: "k",
        transport: {
          open: (request, sink) => {
            const path = new URL(request.url).pathname as keyof typeof replies;
            return new ScriptedTransport([{ json: replies[path] }]).open(request, sink);
          },
        },
      },
    );
    const [answer, list] = await Promise.all([
      provider.chat({ messages: [{ role: "user", content: "Hi" }] }),
      provider.embed({ inputs: ["a"] }),
    ]);
    expect([answer.text, list.embeddings.length]).toEqual(["Hi", 1]);
  });
});
