import { expect, it } from "vitest";
import type { ChatRequest } from "../../values/chat-request.js";
import { checkRequest } from "./validate.js";

const result: ChatRequest = {
  messages: [{ role: "tool", content: [{ type: "tool-result", id: "call_1", content: "21" }] }],
};

it("refuses the result of an unknown call", () => {
  expect(() => checkRequest(result)).toThrow('the tool call "call_1"');
});

it("accepts the result of a call that the vendor stores, if the request continues from it", () => {
  expect(() => checkRequest({ ...result, continues: { provider: "labs", id: "resp_1" } })).not.toThrow();
});
