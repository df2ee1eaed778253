import { describe, expect, it } from "vitest";
import { AiClient } from "../../src/client/ai-client.js";
import type { JsonObject } from "../../src/core/values/json.js";
import { defineProvider } from "../../src/providers/endpoint/define.js";
import { provider } from "../../src/providers/spec.js";
import { REPLIES, recorder } from "./ask.js";

const tool = { name: "t", parameters: { type: "object", properties: {} }, execute: () => "done" };

/** A chat completion that thinks and calls a tool, with the thinking in a field. */
function thinking(field: string): JsonObject {
  const reply = JSON.parse(JSON.stringify(REPLIES["openai-chat"]?.({ id: "c1", name: "t", args: {} })));
  reply.choices[0].message[field] = "THINK";
  return reply;
}

const HOSTS = [
  "vllm/m",
  "sglang",
  "together/m",
  "fireworks/m",
  "groq/openai/gpt-oss-20b",
  "llamacpp/m",
  "custom",
] as const;

/** A compatible host: a prebuilt provider, or an endpoint of the user. */
function hostOf(spec: string, transport: ReturnType<typeof recorder>["transport"]) {
  if (spec.includes("/")) return provider(spec, { apiKey: "k", transport });
  const data = { id: spec, dialect: "openai-chat", baseUrl: "https://labs.example/v1", model: "m" } as const;
  return defineProvider(data, { apiKey: "k", transport });
}

describe.each(HOSTS)("thinking of %s", (spec) => {
  it.each(["reasoning_content", "reasoning"])(
    "comes back as %s with the results of its calls",
    async (field) => {
      const { transport, sent } = recorder([thinking(field), REPLIES["openai-chat"]?.() ?? {}]);
      const client = new AiClient(hostOf(spec, transport));
      const { messages } = await client.runTools({ messages: [{ role: "user", content: "q" }] }, [tool]);
      const turn = sent[1]?.body.messages[1];
      if (spec !== "vllm/m") expect(turn[field]).toBe("THINK");
      else expect(turn.reasoning).toBe("THINK");
      // Once the user has spoken again it is no longer needed.
      if (spec === "vllm/m") return;
      await client.chat({ messages: [...messages, { role: "user", content: "and?" }] });
      expect(JSON.stringify(sent[2]?.body)).not.toContain("THINK");
    },
  );

  it("never goes to another vendor", async () => {
    const first = recorder([thinking("reasoning_content")]);
    const { message, toolCalls } = await hostOf(spec, first.transport).chat({
      messages: [{ role: "user", content: "q" }],
    });
    const result = { type: "tool-result" as const, id: toolCalls[0]?.id ?? "", content: "r" };
    const history = [
      { role: "user" as const, content: "q" },
      message,
      { role: "tool" as const, content: [result] },
    ];
    for (const other of ["moonshot/m", "deepseek/m", "cerebras/gpt-oss-120b", "ollama/m", "mistral/m"]) {
      const second = recorder([REPLIES[provider(other, { apiKey: "k" }).data.dialect]?.() ?? {}]);
      await provider(other, { apiKey: "k", transport: second.transport }).chat({ messages: history });
      expect(JSON.stringify(second.sent[0]?.body)).not.toContain("THINK");
    }
  });
});
