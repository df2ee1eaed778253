// Tests version 5 of OpenAI's SDK as a client of ai-lib's server halves for chat completions and responses.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { startSimulator } from "ai-lib/testing";
import OpenAI from "openai";

const simulator = await startSimulator();
after(() => simulator.close());

const client = (endpoint) =>
  new OpenAI({ apiKey: "any", baseURL: `${simulator.baseUrl(endpoint)}/v1`, maxRetries: 0 });
const messages = [{ role: "user", content: "Grüße 👋" }];
const city = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };

describe("chat completions", () => {
  const sdk = client("chat");

  test("a whole answer", async () => {
    const { choices, usage } = await sdk.chat.completions.create({ model: "m", messages });
    assert.equal(choices[0].message.content, "You said: Grüße 👋");
    assert.equal(choices[0].finish_reason, "stop");
    assert.ok(usage.prompt_tokens > 0 && usage.completion_tokens > 0);
  });

  test("a stream", async () => {
    let text = "";
    const stream = await sdk.chat.completions.create({ model: "m", messages, stream: true });
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
    assert.equal(text, "You said: Grüße 👋");
  });

  test("a tool call and its result", async () => {
    const tools = [{ type: "function", function: { name: "weather", parameters: city } }];
    const { choices } = await sdk.chat.completions.create({ model: "m", messages, tools });
    const [call] = choices[0].message.tool_calls;
    assert.deepEqual(JSON.parse(call.function.arguments), { city: "sample" });
    const result = { role: "tool", tool_call_id: call.id, content: "22 degrees" };
    const history = [...messages, choices[0].message, result];
    const answer = await sdk.chat.completions.create({ model: "m", messages: history, tools });
    assert.match(answer.choices[0].message.content, /22 degrees/);
  });

  test("an error of the SDK's own class", async () => {
    simulator.script("chat", [{ error: { code: "RATE_LIMIT", message: "Slow down" } }]);
    await assert.rejects(sdk.chat.completions.create({ model: "m", messages }), (error) => {
      assert.ok(error instanceof OpenAI.RateLimitError);
      assert.equal(error.status, 429);
      return true;
    });
  });
});

describe("responses", () => {
  const sdk = client("responses");

  test("a whole answer", async () => {
    const response = await sdk.responses.create({ model: "m", input: messages });
    assert.equal(response.output_text, "You said: Grüße 👋");
    assert.equal(response.status, "completed");
  });

  test("a stream", async () => {
    let text = "";
    let completed = false;
    for await (const event of await sdk.responses.create({ model: "m", input: messages, stream: true })) {
      if (event.type === "response.output_text.delta") text += event.delta;
      completed ||= event.type === "response.completed";
    }
    assert.deepEqual({ text, completed }, { text: "You said: Grüße 👋", completed: true });
  });
});
