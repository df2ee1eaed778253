import { expect, it } from "vitest";
import type { ChatRequest } from "../../values/chat-request.js";
import { checkRequest } from "./validate.js";

const result: ChatRequest = {
  messages: [{ role: "tool", content: [{ type: "tool-result", id: "call_1", content: "21" }] }],
};

it("refuses the result of a call that nobody made", () => {
  expect(() => checkRequest(result)).toThrow('the tool call "call_1"');
});

it("takes the result of a call that lies with the vendor, where the request goes on from there", () => {
  expect(() => checkRequest({ ...result, continues: { provider: "labs", id: "resp_1" } })).not.toThrow();
});
