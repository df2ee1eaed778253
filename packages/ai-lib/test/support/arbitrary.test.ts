import fc from "fast-check";
import { expect, it } from "vitest";
import { AiLibError } from "../../src/core/errors/error.js";
import { checkRequest } from "../../src/core/kinds/chat/validate.js";
import type { ChatEvent } from "../../src/core/values/chat-event.js";
import { ANYWHERE, aiLibError, chatRequest, chatResponse, endFacts, streamOf } from "./arbitrary.js";
import { ContractFields } from "./contract-fields.js";

const requests = chatRequest(ANYWHERE);
const responses = chatResponse(ANYWHERE);

const NUMBERED: readonly ChatEvent[] = [
  { type: "start" },
  { type: "usage", usage: { inputTokens: 1, outputTokens: 0 } },
  { type: "part-start", index: 0, part: { type: "text" } },
  { type: "text-delta", index: 0, text: "a" },
  { type: "media-delta", index: 0 },
  { type: "part-end", index: 0 },
  { type: "part", index: 0, part: { type: "text", text: "a" } },
  { type: "warning", warning: { code: "other", message: "a" } },
];

it("makes every field and every word of the contract's types, and none that they lack", () => {
  const contract = new ContractFields();
  const sample = { seed: 2, numRuns: 1_000 };
  for (const request of fc.sample(requests, sample)) contract.mark(request, "ChatRequest");
  for (const { response, events } of fc.sample(streamOf(responses, true), sample)) {
    contract.mark(response, "ChatResponse");
    contract.mark({ content: response.content, facts: {}, warnings: response.warnings }, "Reply");
    for (const event of events) contract.mark(event, "StreamEvent");
    contract.mark({ type: "finish", response }, "StreamEvent");
    contract.mark({ type: "restart", id: response.id, model: response.model, provider: "p" }, "StreamEvent");
  }
  // Decoders alone write it, for the input of a text tool that the token limit cut.
  contract.mark({ type: "part-end", index: 0, cut: true }, "StreamEvent");
  // Events with a place of their own in a stream, or with a number of the provider.
  contract.mark({ type: "ping" }, "StreamEvent");
  for (const event of NUMBERED) contract.mark({ ...event, cursor: 1 }, "StreamEvent");
  for (const facts of fc.sample(endFacts(ANYWHERE), sample)) contract.mark(facts, "EndFacts");
  const fields = contract.declared(["ChatInput", "ChatResponse", "StreamEvent", "Reply"]);
  expect(fields.filter((field) => !contract.seen.has(field))).toEqual([]);
  expect(contract.exported().filter((name) => !contract.reached.has(name))).toEqual([]);
  expect(fields.length).toBeGreaterThan(150);
  expect([...contract.unknown]).toEqual([]);
});

it("makes requests that no rule refuses", () => {
  fc.assert(fc.property(requests, (request) => checkRequest(request)));
});

it("makes errors of every code", () => {
  const codes = new Set(fc.sample(aiLibError, { seed: 1, numRuns: 300 }).map(({ code }) => code));
  expect(codes.size).toBe(19);
  fc.assert(fc.property(aiLibError, (error) => AiLibError.is(error)));
});
