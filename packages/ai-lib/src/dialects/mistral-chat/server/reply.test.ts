import { expect, it } from "vitest";
import { framesFor, responseOf } from "../../../../test/support/halves.js";
import { server } from "./index.js";

it("a reply that Mistral's server half writes has seconds, and closes its stream with [DONE]", () => {
  const response = responseOf([{ type: "text", text: "x" }], { finishReason: "stop" });
  const facts = { id: "i", created: 1_760_000_000_900 };
  expect(JSON.parse(server.encode(response, facts).body)).toMatchObject({ created: 1_760_000_000 });
  expect(framesFor(server, response).at(-1)).toEqual({ data: "[DONE]" });
});
