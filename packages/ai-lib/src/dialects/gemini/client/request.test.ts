import { describe, expect, it } from "vitest";
import { encodedBy } from "../../../../test/support/encoded.js";
import type { DialectTarget, Quirks } from "../../../core/contract/dialect.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { JsonObject } from "../../../core/values/json.js";
import { client } from "./index.js";

function targetFor(model: string, quirks: Quirks = {}, provider = "google"): DialectTarget {
  return { provider, model, quirks, now: 0 };
}

function encode(request: Partial<ChatRequest>, model = "gemini-3-flash-preview", quirks: Quirks = {}) {
  return encodedBy(client, request, targetFor(model, quirks));
}

describe("the path", () => {
  it.each([
    ["gemini-3-flash", "/models/gemini-3-flash:generateContent"],
    ["models/gemini-3-flash", "/models/gemini-3-flash:generateContent"],
    ["tunedModels/mine", "/tunedModels/mine:generateContent"],
    ["odd name?", "/models/odd%20name%3F:generateContent"],
  ])("of %s", (model, path) => {
    expect(encode({}, model).http.path).toBe(path);
  });
  it("of a stream asks for events", () => {
    const { http } = client.encode({ messages: [{ role: "user", content: "x" }] }, "stream", targetFor("m"));
    expect(http).toMatchObject({ path: "/models/m:streamGenerateContent", query: { alt: "sse" } });
  });
  it("is the target's and not the request's", () => {
    expect(encode({ model: "other" }, "gemini-3").http.path).toBe("/models/gemini-3:generateContent");
    expect(encode({ model: "other" }, "gemini-3").body).not.toHaveProperty("model");
  });
});

describe("thinking", () => {
  const cases: [
    model: string,
    reasoning: ChatRequest["reasoning"],
    config: object | undefined,
    warned: boolean,
  ][] = [
    ["gemini-3-flash", { effort: "low" }, { includeThoughts: true, thinkingLevel: "LOW" }, false],
    ["gemini-3-flash", { effort: "minimal" }, { includeThoughts: true, thinkingLevel: "MINIMAL" }, false],
    ["gemini-3-flash", { effort: "none" }, { includeThoughts: false, thinkingLevel: "MINIMAL" }, true],
    ["gemini-3.1-pro-preview", { effort: "none" }, { includeThoughts: false, thinkingLevel: "LOW" }, true],
    ["gemini-3-flash", { effort: "max" }, { includeThoughts: true, thinkingLevel: "HIGH" }, true],
    ["gemini-3-flash", { budgetTokens: 100 }, { includeThoughts: true, thinkingBudget: 100 }, false],
    ["gemini-3-flash", {}, { includeThoughts: true }, false],
    ["gemini-flash-latest", { effort: "high" }, { includeThoughts: true, thinkingLevel: "HIGH" }, false],
    ["models/gemini-2.5-flash", { effort: "none" }, { includeThoughts: false, thinkingBudget: 0 }, false],
    ["gemini-2.5-pro", { effort: "none" }, { includeThoughts: false, thinkingBudget: 128 }, true],
    ["gemini-2.5-flash", { effort: "medium" }, { includeThoughts: true, thinkingBudget: 8192 }, true],
    ["gemini-2.5-pro", { effort: "max" }, { includeThoughts: true, thinkingBudget: 32768 }, true],
    ["gemini-2.5-flash", { budgetTokens: 0 }, { includeThoughts: false, thinkingBudget: 0 }, false],
    ["gemini-2.0-flash", { effort: "high" }, undefined, true],
    ["gemini-2.0-flash", { effort: "none" }, undefined, false],
  ];
  it.each(cases)("on %s for %j", (model, reasoning, config, warned) => {
    const { body, fields } = encode({ reasoning }, model);
    expect((body["generationConfig"] as JsonObject | undefined)?.["thinkingConfig"]).toEqual(config);
    expect(fields.length > 0).toBe(warned);
  });
});

describe("tools", () => {
  const f = {
    type: "function" as const,
    name: "f",
    parameters: { type: "object", properties: { a: { type: "integer", enum: [1] } } },
  };
  const search = { type: "provider" as const, id: "google/google_search" as const };

  it("of both kinds can be combined, and Google is asked to show what it ran", () => {
    const { body } = encode({ tools: [f, search] });
    expect(body["tools"]).toEqual([
      { googleSearch: {} },
      { functionDeclarations: [{ name: "f", parametersJsonSchema: f.parameters }] },
    ]);
    expect(body["toolConfig"]).toEqual({ includeServerSideToolInvocations: true });
    expect(
      encode({ tools: [f, search] }, "gemini-3-flash", { noServerSideToolInvocations: true }).body,
    ).not.toHaveProperty("toolConfig");
    expect(encode({ tools: [f, search] }, "gemini-2.5-flash").body).not.toHaveProperty("toolConfig");
  });

  it.each([
    ["auto", { mode: "AUTO" }],
    ["none", { mode: "NONE" }],
    ["required", { mode: "ANY" }],
    [{ name: "f" }, { mode: "ANY", allowedFunctionNames: ["f"] }],
  ] as const)("are chosen by mode: %j", (toolChoice, functionCallingConfig) => {
    expect(encode({ tools: [f], toolChoice }).body["toolConfig"]).toEqual({ functionCallingConfig });
  });

  it("that are all strict are validated", () => {
    expect(encode({ tools: [{ ...f, strict: true }] }).body["toolConfig"]).toEqual({
      functionCallingConfig: { mode: "VALIDATED" },
    });
    expect(encode({ tools: [{ ...f, strict: true }] }, "gemini-2.0-flash").fields).toEqual([
      "unsupported tools.0.strict",
    ]);
  });

  it("go in the older form if the endpoint knows no other", () => {
    const empty = { type: "function" as const, name: "g", parameters: { type: "object", properties: {} } };
    const { body } = encode(
      { tools: [f, empty], responseFormat: { type: "json-schema", schema: f.parameters } },
      "gemini-3-flash",
      { openApiSchemas: true },
    );
    const schema = { type: "OBJECT", properties: { a: { type: "STRING", format: "enum", enum: ["1"] } } };
    expect(body["tools"]).toEqual([
      { functionDeclarations: [{ name: "f", parameters: schema }, { name: "g" }] },
    ]);
    expect(body["generationConfig"]).toEqual({
      responseMimeType: "application/json",
      responseSchema: schema,
    });
  });
});

describe("extensions", () => {
  const all = (key: string) => ({ [key]: { marker: key } });
  it("reach the body at every level from this dialect and this provider, and from no other", () => {
    const extensions = { ...all("gemini"), ...all("google"), ...all("openai"), ...all("google-vertex") };
    const { body } = encode({
      messages: [{ role: "user", content: [{ type: "text", text: "x", extensions }], extensions }],
      tools: [{ type: "function", name: "f", parameters: { type: "object" }, extensions }],
      extensions: {
        ...extensions,
        gemini: { generationConfig: { mediaResolution: "LOW" }, cachedContent: "c" },
      },
      temperature: 0,
    });
    expect(body).toEqual({
      contents: [{ role: "user", parts: [{ text: "x", marker: "google" }], marker: "google" }],
      tools: [
        { functionDeclarations: [{ name: "f", parametersJsonSchema: { type: "object" }, marker: "google" }] },
      ],
      generationConfig: { temperature: 0, mediaResolution: "LOW" },
      cachedContent: "c",
      marker: "google",
    });
  });
});
