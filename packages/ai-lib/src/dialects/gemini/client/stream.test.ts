import { describe, expect, it } from "vitest";
import type { DialectTarget } from "../../../core/contract/dialect.js";
import { AiLibError } from "../../../core/errors/error.js";
import { Fold } from "../../../core/kinds/chat/fold.js";
import type { ChatEvent } from "../../../core/values/chat-event.js";
import type { ChatResponse, EndFacts } from "../../../core/values/chat-response.js";
import type { ContentPart } from "../../../core/values/message.js";
import { client } from "./index.js";

const target: DialectTarget = { provider: "google", model: "gemini-3-flash", quirks: {}, now: 1_000 };

interface Outcome {
  readonly events: ChatEvent[];
  readonly response?: ChatResponse;
  readonly error?: AiLibError;
}

/** Runs chunks (JSON values, or raw text) through a decoder, and ends the body. */
function run(chunks: readonly unknown[], end = true): Outcome {
  const events: ChatEvent[] = [];
  const fold = new Fold();
  let facts: EndFacts | undefined;
  let error: AiLibError | undefined;
  let endings = 0;
  const decoder = client.decoder(target, {
    event(event) {
      events.push(event);
      fold.add(event);
    },
    finish(given) {
      facts = given;
      endings++;
    },
    fail(given) {
      error = given;
      endings++;
    },
  });
  for (const chunk of chunks)
    decoder.frame({ data: typeof chunk === "string" ? chunk : JSON.stringify(chunk) });
  if (end) decoder.end();
  expect(endings).toBe(end || error !== undefined ? 1 : 0);
  const frame = { provider: "google", model: "m", id: "local", attempts: [], estimateInput: () => 1 };
  try {
    return {
      events,
      ...(facts === undefined ? {} : { response: fold.build(facts, frame) }),
      ...(error === undefined ? {} : { error }),
    };
  } catch (thrown) {
    return { events, error: AiLibError.from(thrown) };
  }
}

/** A chunk with parts, and the end where a reason is given. */
function chunk(parts: readonly unknown[], finishReason?: unknown, more: object = {}): object {
  return {
    candidates: [
      { content: { role: "model", parts }, ...(finishReason === undefined ? {} : { finishReason }) },
    ],
    responseId: "r",
    modelVersion: "gemini-3-flash",
    ...more,
  };
}

const signed = (thoughtSignature: string) => ({
  origin: { family: "google", provider: "google", model: "gemini-3-flash", data: { thoughtSignature } },
});

function content(chunks: readonly unknown[]): readonly ContentPart[] {
  const { response, error } = run(chunks);
  if (response === undefined) throw error ?? new Error("no response");
  return response.content;
}

describe("words", () => {
  it("join across chunks, thinking apart from the answer", () => {
    expect(
      content([
        chunk([{ text: "hm", thought: true }]),
        chunk([{ text: "m", thought: true }]),
        chunk([{ text: "He" }]),
        chunk([{ text: "llo" }], "STOP"),
      ]),
    ).toEqual([
      { type: "reasoning", text: "hmm" },
      { type: "text", text: "Hello" },
    ]);
  });

  it("leave no part behind if they are empty", () => {
    expect(content([chunk([{ text: "" }]), chunk([{ text: "a" }]), chunk([{ text: "" }], "STOP")])).toEqual([
      { type: "text", text: "a" },
    ]);
  });

  it("of an empty answer are absent", () => {
    const { response } = run([{ candidates: [{ content: { role: "model" }, finishReason: "MAX_TOKENS" }] }]);
    expect(response).toMatchObject({ content: [], finishReason: "length", id: "local" });
  });

  it("carry log probabilities", () => {
    const logprobsResult = {
      chosenCandidates: [{ token: "a", logProbability: -0.1, tokenId: 7 }],
      topCandidates: [
        {
          candidates: [
            { token: "a", logProbability: -0.1 },
            { token: "b", logProbability: -2 },
          ],
        },
      ],
    };
    expect(
      content([
        { candidates: [{ content: { parts: [{ text: "a" }] }, finishReason: "STOP", logprobsResult }] },
      ]),
    ).toEqual([
      {
        type: "text",
        text: "a",
        logprobs: [
          {
            token: "a",
            logprob: -0.1,
            top: [
              { token: "a", logprob: -0.1 },
              { token: "b", logprob: -2 },
            ],
          },
        ],
      },
    ]);
  });

  it("of other candidates are ignored", () => {
    const two = {
      candidates: [
        { index: 1, content: { parts: [{ text: "second" }] }, finishReason: "STOP" },
        { index: 0, content: { parts: [{ text: "first" }] }, finishReason: "STOP" },
      ],
    };
    expect(content([two])).toEqual([{ type: "text", text: "first" }]);
  });
});

describe("a signature", () => {
  it("on an empty text belongs to the words before it", () => {
    expect(content([chunk([{ text: "a" }]), chunk([{ text: "", thoughtSignature: "S" }], "STOP")])).toEqual([
      { type: "text", text: "a", ...signed("S") },
    ]);
  });
  it("on an empty text without words before it is a part of its own", () => {
    expect(content([chunk([{ text: "", thoughtSignature: "S" }], "STOP")])).toEqual([
      { type: "text", text: "", ...signed("S") },
    ]);
  });
  it("ends its part, so that later words are another", () => {
    expect(content([chunk([{ text: "a", thoughtSignature: "S" }, { text: "b" }], "STOP")])).toEqual([
      { type: "text", text: "a", ...signed("S") },
      { type: "text", text: "b" },
    ]);
  });
  it("is only on the first of parallel calls", () => {
    const parts = [
      { functionCall: { name: "f", args: { a: 1 }, id: "1" }, thoughtSignature: "S" },
      { functionCall: { name: "g", id: "2" } },
    ];
    expect(content([chunk(parts, "STOP")])).toEqual([
      { type: "tool-call", id: "1", name: "f", arguments: { a: 1 }, ...signed("S") },
      { type: "tool-call", id: "2", name: "g", arguments: {} },
    ]);
  });
  it("of an unknown part is kept", () => {
    expect(content([chunk([{ hologram: {}, thoughtSignature: "S" }, { text: "a" }], "STOP")])).toEqual([
      { type: "text", text: "", ...signed("S") },
      { type: "text", text: "a" },
    ]);
  });
  it("on a picture is kept", () => {
    const part = { inlineData: { mimeType: "image/png", data: "AAAA" }, thoughtSignature: "S" };
    expect(content([chunk([part], "STOP")])).toEqual([
      { type: "image", mediaType: "image/png", data: "AAAA", ...signed("S") },
    ]);
  });
});

describe("calls", () => {
  it("end in tool-calls though the word is STOP", () => {
    const { response } = run([chunk([{ functionCall: { name: "f" } }], "STOP")]);
    expect(response).toMatchObject({ finishReason: "tool-calls", rawFinishReason: "STOP" });
  });

  it("without ids get some that are the same in a whole reply", () => {
    const body = chunk([{ functionCall: { name: "f" } }, { functionCall: { name: "f" } }], "STOP");
    const streamed = content([body]);
    const reply = client.decode({ status: 200, headers: {}, body: JSON.stringify(body) }, target);
    expect(reply.content).toEqual(streamed);
    const ids = streamed.map((part) => (part.type === "tool-call" ? part.id : ""));
    expect(new Set(ids).size).toBe(2);
  });

  it.each([[null], [{}], [undefined]])("without arguments have an empty object: %j", (args) => {
    const [part] = content([chunk([{ functionCall: { name: "f", id: "1", args } }], "STOP")]);
    expect(part).toMatchObject({ arguments: {} });
  });

  it("with arguments that are not an object keep them as text", () => {
    const [part] = content([chunk([{ functionCall: { name: "f", args: [1] } }], "STOP")]);
    expect(part).toMatchObject({ type: "tool-call", argumentsText: "[1]" });
  });

  it("may come in pieces", () => {
    const call = (functionCall: object) => chunk([{ functionCall }]);
    const { response, events } = run([
      chunk([{ functionCall: { name: "f", id: "1", willContinue: true }, thoughtSignature: "S" }]),
      call({
        partialArgs: [{ jsonPath: "$.city", stringValue: "Bos", willContinue: true }],
        willContinue: true,
      }),
      call({ partialArgs: [{ jsonPath: "$.city", stringValue: 'ton "MA"' }], willContinue: true }),
      call({
        partialArgs: [
          { jsonPath: "$.days[0].n", numberValue: 1 },
          { jsonPath: "$.days[0].on", boolValue: true },
          { jsonPath: "$.days[1].n", nullValue: "NULL_VALUE" },
          { jsonPath: "$['odd key'].x", stringValue: "y" },
        ],
        willContinue: true,
      }),
      call({}),
      chunk(
        [{ functionCall: { name: "g", id: "2", partialArgs: [{ jsonPath: "$.a", numberValue: 2.5 }] } }],
        "STOP",
      ),
    ]);
    expect(response?.content).toEqual([
      {
        type: "tool-call",
        id: "1",
        name: "f",
        arguments: { city: 'Boston "MA"', days: [{ n: 1, on: true }, { n: null }], "odd key": { x: "y" } },
        ...signed("S"),
      },
      { type: "tool-call", id: "2", name: "g", arguments: { a: 2.5 } },
    ]);
    const deltas = events.flatMap((event) =>
      event.type === "tool-call-delta" && event.index === 0 ? [event.text] : [],
    );
    expect(deltas.slice(0, 2)).toEqual(['{"city":"Bos', 'ton \\"MA\\""']);
  });

  it("in pieces that the token limit cut keep their text and have no arguments", () => {
    const { response } = run([
      chunk([
        {
          functionCall: {
            name: "f",
            id: "1",
            partialArgs: [{ jsonPath: "$.a", stringValue: "x", willContinue: true }],
            willContinue: true,
          },
        },
      ]),
      chunk([], "MAX_TOKENS"),
    ]);
    expect(response?.toolCalls).toEqual([
      { type: "tool-call", id: "1", name: "f", argumentsText: '{"a":"x' },
    ]);
  });

  it.each([
    ["goes back", "$.b", "$.a"],
    ["is none", "$.b", "b"],
    ["skips a place", "$.b[0]", "$.b[2]"],
  ])("in pieces whose path %s are no answer", (_, first, second) => {
    const partialArgs = ["$.a", first, second].map((jsonPath) => ({ jsonPath, numberValue: 1 }));
    const { error } = run([chunk([{ functionCall: { name: "f", partialArgs } }], "STOP")]);
    expect(error?.code).toBe("INVALID_RESPONSE");
  });
});

describe("tools that Google runs", () => {
  const code = { executableCode: { language: "PYTHON", code: "print(1)" } };
  const printed = { codeExecutionResult: { outcome: "OUTCOME_OK", output: "1\n" } };

  it("are calls and results that concern no caller", () => {
    const { response } = run([chunk([code]), chunk([printed, { text: "1" }], "STOP")]);
    expect(response?.finishReason).toBe("stop");
    expect(response?.toolCalls).toEqual([]);
    expect(response?.content).toEqual([
      {
        type: "tool-call",
        id: "gemini_r_0",
        name: "codeExecution",
        arguments: { language: "PYTHON", code: "print(1)" },
        executedBy: "provider",
      },
      {
        type: "tool-result",
        id: "gemini_r_0",
        name: "codeExecution",
        content: "1\n",
        executedBy: "provider",
      },
      { type: "text", text: "1" },
    ]);
  });

  it("may follow a first STOP, which is then not the end", () => {
    const chunks = [chunk([code], "STOP"), chunk([printed]), chunk([{ text: "1" }], "STOP")];
    expect(run(chunks).response?.text).toBe("1");
    expect(run(chunks.slice(0, 1)).error?.code).toBe("STREAM_TRUNCATED");
    expect(run(chunks.slice(0, 2)).error?.code).toBe("STREAM_TRUNCATED");
  });

  it("tell their failures", () => {
    const late = { codeExecutionResult: { outcome: "OUTCOME_DEADLINE_EXCEEDED", output: "" } };
    expect(content([chunk([code, late, { text: "x" }], "STOP")])[1]).toMatchObject({
      isError: true,
      content: "",
    });
  });

  it("search, and keep ids, types and signatures", () => {
    const parts = [
      {
        toolCall: { toolType: "GOOGLE_SEARCH_WEB", args: { queries: ["q"] }, id: "t" },
        thoughtSignature: "S",
      },
      { toolResponse: { toolType: "GOOGLE_SEARCH_WEB", response: { a: 1 }, id: "t" }, thoughtSignature: "T" },
      { text: "x" },
    ];
    expect(content([chunk(parts, "STOP")]).slice(0, 2)).toEqual([
      {
        type: "tool-call",
        id: "t",
        name: "GOOGLE_SEARCH_WEB",
        arguments: { queries: ["q"] },
        executedBy: "provider",
        ...signed("S"),
      },
      {
        type: "tool-result",
        id: "t",
        name: "GOOGLE_SEARCH_WEB",
        content: '{"a":1}',
        executedBy: "provider",
        ...signed("T"),
      },
    ]);
  });
});

describe("media", () => {
  it("of sound are pieces of one part", () => {
    const pcm = (data: string) => ({ inlineData: { mimeType: "audio/L16;rate=24000", data } });
    expect(content([chunk([pcm("AAAA")]), chunk([pcm("BBBB")], "STOP")])).toEqual([
      { type: "audio", mediaType: "audio/L16;rate=24000", data: "AAAABBBB" },
    ]);
  });
  it("that were drafts of the thinking are left out with a warning", () => {
    const draft = { inlineData: { mimeType: "image/png", data: "AAAA" }, thought: true };
    const { response } = run([chunk([draft, { text: "x" }], "STOP")]);
    expect(response?.content).toEqual([{ type: "text", text: "x" }]);
    expect(response?.warnings).toHaveLength(1);
  });
});

describe("sources", () => {
  it("count characters where Google counts bytes", () => {
    const groundingMetadata = {
      groundingChunks: [
        { web: { uri: "https://a.test", title: "A", domain: "a.test" } },
        { retrievedContext: { uri: "gs://b", title: "B", text: "quoted", documentName: "docs/b" } },
      ],
      groundingSupports: [{ segment: { startIndex: 6, endIndex: 8, text: "ü" }, groundingChunkIndices: [0] }],
      webSearchQueries: ["q"],
    };
    const { response } = run([
      chunk([{ text: "é🌡" }]),
      { candidates: [{ content: { parts: [{ text: "ü" }] }, finishReason: "STOP", groundingMetadata }] },
    ]);
    expect(response?.content.slice(1)).toEqual([
      {
        type: "source",
        url: "https://a.test",
        title: "A",
        extensions: { gemini: { web: { domain: "a.test" } } },
        cites: { index: 0, start: 3, end: 4 },
      },
      { type: "source", url: "gs://b", documentId: "docs/b", title: "B", quote: "quoted" },
    ]);
    expect(response?.extensions?.["gemini"]).toMatchObject({
      groundingMetadata: { webSearchQueries: ["q"] },
    });
  });

  it.each(["citationSources", "citations"])("are the works that were recited, too: %s", (name) => {
    const citationMetadata = {
      [name]: [{ startIndex: 0, endIndex: 2, uri: "https://a.test", license: "mit" }],
    };
    expect(
      content([
        { candidates: [{ content: { parts: [{ text: "ab" }] }, finishReason: "STOP", citationMetadata }] },
      ])[1],
    ).toEqual({ type: "source", url: "https://a.test", cites: { index: 0, start: 0, end: 2 } });
  });
});

describe("the ending", () => {
  it.each([
    ["STOP", "stop"],
    ["MAX_TOKENS", "length"],
    ["SAFETY", "content-filter"],
    ["RECITATION", "content-filter"],
    ["PROHIBITED_CONTENT", "content-filter"],
    ["SPII", "content-filter"],
    ["BLOCKLIST", "content-filter"],
    ["MODEL_ARMOR", "content-filter"],
    ["IMAGE_SAFETY", "content-filter"],
    ["SOMETHING_NEW", "other"],
    ["constructor", "other"],
    [1, "stop"],
    [2, "length"],
    [3, "content-filter"],
  ])("%s is %s", (word, reason) => {
    expect(run([chunk([{ text: "a" }], word)]).response).toMatchObject({
      finishReason: reason,
      rawFinishReason: String(word),
    });
  });

  it.each([[undefined], ["FINISH_REASON_UNSPECIFIED"], [0], [""]])("is none without a reason: %j", (word) => {
    expect(run([chunk([{ text: "a" }], word)]).error?.code).toBe("STREAM_TRUNCATED");
  });

  it("waits for the end of the body", () => {
    expect(run([chunk([{ text: "a" }], "STOP")], false)).not.toHaveProperty("response");
  });

  it("of a blocked prompt is a filter's", () => {
    const { response } = run([
      { promptFeedback: { blockReason: "PROHIBITED_CONTENT" }, usageMetadata: { promptTokenCount: 4 } },
    ]);
    expect(response).toMatchObject({
      finishReason: "content-filter",
      rawFinishReason: "PROHIBITED_CONTENT",
      content: [],
      usage: { inputTokens: 4, outputTokens: 0 },
    });
  });

  it("counts thoughts and tool prompts in", () => {
    const usageMetadata = {
      promptTokenCount: 10,
      candidatesTokenCount: 3,
      thoughtsTokenCount: 5,
      toolUsePromptTokenCount: 7,
      cachedContentTokenCount: 2,
      totalTokenCount: 25,
      serviceTier: "standard",
    };
    const early = { promptTokenCount: 10, totalTokenCount: 10 };
    const { events, response } = run([
      chunk([{ text: "a" }], undefined, { usageMetadata: early }),
      chunk([], "STOP", { usageMetadata }),
    ]);
    expect(response?.usage).toEqual({
      inputTokens: 17,
      outputTokens: 8,
      cachedInputTokens: 2,
      reasoningTokens: 5,
      raw: usageMetadata,
    });
    expect(response?.serviceTier).toBe("standard");
    expect(events.filter(({ type }) => type === "usage")).toEqual([
      { type: "usage", usage: { inputTokens: 10, outputTokens: 0, raw: early } },
    ]);
  });

  it("counts tokens by modality, tool prompts and documents included", () => {
    const usageMetadata = {
      promptTokenCount: 10,
      candidatesTokenCount: 3,
      toolUsePromptTokenCount: 7,
      promptTokensDetails: [
        { modality: "TEXT", tokenCount: 4 },
        { modality: "DOCUMENT", tokenCount: 6 },
      ],
      toolUsePromptTokensDetails: [{ modality: "TEXT", tokenCount: 7 }],
      candidatesTokensDetails: [
        { modality: "IMAGE", tokenCount: 3 },
        { modality: "SMELL", tokenCount: 1 },
        null,
      ],
    };
    expect(run([chunk([{ text: "a" }], "STOP", { usageMetadata })]).response?.usage).toMatchObject({
      inputByModality: { text: 11, pdf: 6 },
      outputByModality: { image: 3 },
    });
  });
});

describe("a bad stream", () => {
  const exhausted = { error: { code: 503, message: "The model is overloaded.", status: "UNAVAILABLE" } };
  it.each([
    ["an error first", [exhausted], "OVERLOADED"],
    ["an error midway", [chunk([{ text: "a" }]), exhausted], "OVERLOADED"],
    ["an error in an array", [[exhausted]], "OVERLOADED"],
    ["an error after the end", [chunk([{ text: "a" }], "STOP"), exhausted], "OVERLOADED"],
    ["nothing", [], "STREAM_TRUNCATED"],
    ["two chunks that are no JSON", ["{", "}{", chunk([], "STOP")], "INVALID_RESPONSE"],
  ])("with %s fails", (_, chunks, code) => {
    expect(run(chunks).error?.code).toBe(code);
  });

  it("with one chunk that is not JSON continues with a warning", () => {
    const { response } = run([chunk([{ text: "a" }]), "{oops", chunk([{ text: "b" }], "STOP")]);
    expect(response?.text).toBe("ab");
    expect(response?.warnings.map(({ code }) => code)).toEqual(["malformed"]);
  });

  it("with a bad chunk among the pieces of a call fails", () => {
    const open = chunk([{ functionCall: { name: "f", willContinue: true } }]);
    expect(run([open, "{oops", chunk([{ functionCall: {} }], "STOP")]).error?.code).toBe("INVALID_RESPONSE");
  });

  it.each([
    [null],
    [7],
    ["x"],
    [[null]],
    [{ candidates: 3 }],
    [{ candidates: [null] }],
    [{ candidates: [{ content: { parts: [3, { text: 4 }, { functionCall: 1 }] } }] }],
  ])("of odd types is passed over: %j", (odd) => {
    expect(run([JSON.stringify(odd), chunk([{ text: "a" }], "STOP")]).response?.text).toBe("a");
  });

  it("emits nothing after its ending", () => {
    const { events, error } = run([exhausted, chunk([{ text: "a" }], "STOP")]);
    expect(error?.code).toBe("OVERLOADED");
    expect(events).toEqual([]);
  });
});
