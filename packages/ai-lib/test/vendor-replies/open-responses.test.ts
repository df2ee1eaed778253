import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AiLibError } from "../../src/core/errors/error.js";
import { REACTIONS } from "../../src/core/errors/reactions.js";
import type { ErrorCode } from "../../src/core/values/error-code.js";
import type { JsonObject } from "../../src/core/values/json.js";
import { isObject } from "../../src/core/values/json.js";
import { serverHalves } from "../../src/serve/halves.js";
import { ANYWHERE, chatResponse } from "../support/arbitrary.js";
import { framesFor } from "../support/halves.js";
import {
  ERROR,
  EVENTS,
  type Fields,
  type FieldType,
  INPUT_DETAILS,
  ITEMS,
  OUTPUT_DETAILS,
  PARTS,
  RESPONSE,
  URL_CITATION,
  USAGE,
} from "./open-responses.js";

const RUNS = 200;
const FACTS = { id: "served", created: 1_000, model: "model" };

const TYPES: Readonly<Record<FieldType, (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  integer: (value) => Number.isInteger(value),
  number: (value) => typeof value === "number",
  boolean: (value) => typeof value === "boolean",
  list: Array.isArray,
  object: isObject,
  any: (value) => value !== undefined,
};

/** The fields of an object that are missing or of another type. */
function faultsOf(what: string, object: unknown, fields: Fields): string[] {
  if (!isObject(object)) return [`${what} is not an object`];
  return Object.entries(fields).flatMap(([name, type]) => {
    const value = object[name];
    const [nullable, plain] = type.startsWith("?") ? [true, type.slice(1)] : [false, type];
    if (value === null ? nullable : TYPES[plain as FieldType](value)) return [];
    return [`${what}.${name} is ${value === null ? "null" : typeof value}, not ${plain}`];
  });
}

function faultsOfResponse(response: unknown): string[] {
  const faults = faultsOf("response", response, RESPONSE);
  if (!isObject(response)) return faults;
  if (response["usage"] !== null) faults.push(...faultsOfUsage(response["usage"]));
  if (response["error"] !== null) faults.push(...faultsOf("error", response["error"], ERROR));
  for (const item of response["output"] as JsonObject[]) faults.push(...faultsOfItem(item));
  return faults;
}

function faultsOfUsage(usage: unknown): string[] {
  const { input_tokens_details: input, output_tokens_details: output } = Object(usage);
  return [
    ...faultsOf("usage", usage, USAGE),
    ...faultsOf("input_tokens_details", input, INPUT_DETAILS),
    ...faultsOf("output_tokens_details", output, OUTPUT_DETAILS),
  ];
}

function faultsOfItem(item: JsonObject): string[] {
  const type = String(item["type"]);
  const faults = faultsOf(type, item, ITEMS[type] ?? { type: "string" });
  if (type === "message")
    for (const part of item["content"] as JsonObject[]) {
      faults.push(...faultsOf(String(part["type"]), part, PARTS[String(part["type"])] ?? { type: "string" }));
      for (const annotation of (part["annotations"] ?? []) as JsonObject[])
        if (annotation["type"] === "url_citation")
          faults.push(...faultsOf("annotation", annotation, URL_CITATION));
    }
  return faults;
}

function faultsOfEvent(event: JsonObject): string[] {
  const type = String(event["type"]);
  const faults = faultsOf(type, event, EVENTS[type] ?? { type: "string", sequence_number: "integer" });
  if (isObject(event["response"])) faults.push(...faultsOfResponse(event["response"]));
  if (isObject(event["item"])) faults.push(...faultsOfItem(event["item"]));
  return faults;
}

describe("Open Responses", () => {
  it("finds its published fields in every reply and every event of every answer", async () => {
    const [half] = await serverHalves(["openai-responses"]);
    if (half === undefined) throw new Error("no server half");
    const seen = new Set<string>();
    fc.assert(
      fc.property(chatResponse(ANYWHERE), (response) => {
        const reply = JSON.parse(half.encode(response, FACTS).body) as JsonObject;
        expect(faultsOfResponse(reply)).toEqual([]);
        for (const { data } of framesFor(half, response, FACTS)) {
          if (data === "[DONE]") continue;
          const event = JSON.parse(data) as JsonObject;
          seen.add(String(event["type"]));
          expect(faultsOfEvent(event)).toEqual([]);
        }
      }),
      { numRuns: RUNS },
    );
    expect([...seen]).toEqual(
      expect.arrayContaining(["response.created", "response.output_text.delta", "response.completed"]),
    );
  });

  it.each(Object.keys(REACTIONS) as ErrorCode[])(
    "finds them in a stream that fails with %s",
    async (code) => {
      const [half] = await serverHalves(["openai-responses"]);
      const events: JsonObject[] = [];
      const encoder = half?.encoder((frame) => events.push(JSON.parse(frame.data)), FACTS);
      encoder?.event({ type: "start" });
      encoder?.fail(new AiLibError({ code, message: "It failed" }));
      expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(["error", "response.failed"]));
      expect(events.flatMap(faultsOfEvent)).toEqual([]);
    },
  );

  it("notices a field that is missing or of another type", () => {
    expect(faultsOf("usage", { input_tokens: "1" }, USAGE)).toEqual([
      "usage.input_tokens is string, not integer",
      "usage.input_tokens_details is undefined, not object",
      "usage.output_tokens is undefined, not integer",
      "usage.output_tokens_details is undefined, not object",
      "usage.total_tokens is undefined, not integer",
    ]);
  });
});
