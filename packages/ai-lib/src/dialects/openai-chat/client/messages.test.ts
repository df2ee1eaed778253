import { describe, expect, it } from "vitest";
import { targetFor } from "../../../../test/support/halves.js";
import type { Warning } from "../../../core/values/answer.js";
import { asArray, asObject, type JsonObject } from "../../../core/values/json.js";
import type { ContentPart, Message, Origin } from "../../../core/values/message.js";
import type { OpenAiChatQuirks } from "../shared/quirks.js";
import { client } from "./index.js";

function turns(messages: readonly Message[], quirks: OpenAiChatQuirks = {}) {
  const target = targetFor("labs", quirks as Record<string, unknown>);
  const { http, warnings } = client.encode({ messages }, "unary", target);
  const body = asObject(JSON.parse(http.body ?? ""));
  return { messages: asArray(body?.["messages"]) as readonly JsonObject[], warnings };
}

function fields(warnings: readonly Warning[]): (string | undefined)[] {
  return warnings.map(({ field }) => field);
}

describe("messages", () => {
  it.each(["system", "developer", "user"] as const)("give instructions the role %s", (role) => {
    expect(turns([{ role: "system", content: "Be brief." }], { systemRole: role }).messages).toEqual([
      { role, content: "Be brief." },
    ]);
  });

  it("carry media of a user", () => {
    const { messages, warnings } = turns(
      [
        {
          role: "user",
          name: "ann",
          content: [
            { type: "text", text: "Look" },
            { type: "image", url: "https://a.example/a.png", detail: "low" },
            { type: "image", data: "AAAA", mediaType: "image/png" },
            { type: "audio", data: "BBBB", mediaType: "audio/mpeg" },
            { type: "file", data: "CCCC", mediaType: "application/pdf" },
            { type: "file", uploaded: { provider: "labs", id: "file-1" } },
            { type: "file", url: "https://a.example/a.mp4", mediaType: "video/mp4" },
          ],
        },
      ],
      { videoUrls: true },
    );
    expect(messages).toEqual([
      {
        role: "user",
        name: "ann",
        content: [
          { type: "text", text: "Look" },
          { type: "image_url", image_url: { url: "https://a.example/a.png", detail: "low" } },
          { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
          { type: "input_audio", input_audio: { data: "BBBB", format: "mp3" } },
          { type: "file", file: { filename: "file", file_data: "data:application/pdf;base64,CCCC" } },
          { type: "file", file: { file_id: "file-1" } },
          { type: "video_url", video_url: { url: "https://a.example/a.mp4" } },
        ],
      },
    ]);
    expect(warnings).toEqual([]);
  });

  it.each<[string, ContentPart, OpenAiChatQuirks]>([
    ["sound by URL", { type: "audio", url: "https://a.example/a.wav" }, {}],
    ["a file by URL", { type: "file", url: "https://a.example/a.pdf" }, {}],
    ["a file of another's store", { type: "file", uploaded: { provider: "other", id: "x" } }, {}],
    ["a picture of a store", { type: "image", uploaded: { provider: "labs", id: "x" } }, {}],
    [
      "a picture by URL where none is fetched",
      { type: "image", url: "https://a.example" },
      { noImageUrls: true },
    ],
    [
      "a picture where text is all",
      { type: "image", data: "AAAA", mediaType: "image/png" },
      { textOnly: true },
    ],
  ])("are refused if media would be lost: %s", (_what, part, quirks) => {
    expect(() => turns([{ role: "user", content: [part as never] }], quirks)).toThrow(
      expect.objectContaining({ code: "UNSUPPORTED_FEATURE", local: true }),
    );
  });

  it("join texts if the endpoint accepts strings alone", () => {
    const content = [
      { type: "text" as const, text: "One" },
      { type: "text" as const, text: "Two" },
    ];
    expect(turns([{ role: "user", content }], { textOnly: true }).messages).toEqual([
      { role: "user", content: "One\nTwo" },
    ]);
  });

  const calling: Message = {
    role: "assistant",
    content: [{ type: "tool-call", id: "call_1", name: "f", arguments: { x: 1 } }],
  };
  const written = { id: "call_1", type: "function", function: { name: "f", arguments: '{"x":1}' } };

  it.each<[OpenAiChatQuirks["emptyContent"], object]>([
    ["null", { content: null }],
    ["empty", { content: "" }],
    ["omit", {}],
  ])("have %s for content beside calls", (emptyContent, content) => {
    expect(turns([calling], emptyContent === undefined ? {} : { emptyContent }).messages).toEqual([
      { role: "assistant", ...content, tool_calls: [written] },
    ]);
  });

  it("are one per result of a tool", () => {
    const { messages } = turns([
      calling,
      {
        role: "tool",
        content: [
          { type: "tool-result", id: "call_1", content: "one" },
          { type: "tool-result", id: "call_2", content: [{ type: "text", text: "two" }] },
        ],
      },
    ]);
    expect(messages.slice(1)).toEqual([
      { role: "tool", tool_call_id: "call_1", content: "one" },
      { role: "tool", tool_call_id: "call_2", content: "two" },
    ]);
  });

  it("put the images of results after the last result of the turn, or into it if the endpoint accepts them", () => {
    const image = { type: "image" as const, data: "AAAA", mediaType: "image/png" };
    const history: Message[] = [
      calling,
      {
        role: "tool",
        content: [{ type: "tool-result", id: "call_1", content: [{ type: "text", text: "see" }, image] }],
      },
      { role: "tool", content: [{ type: "tool-result", id: "call_2", content: "two" }] },
      { role: "user", content: "So?" },
    ];
    const moved = turns(history);
    expect(moved.messages.map(({ role }) => role)).toEqual(["assistant", "tool", "tool", "user", "user"]);
    expect(moved.messages[3]?.["content"]).toMatchObject([{ type: "text" }, { type: "image_url" }]);
    expect(moved.warnings).toMatchObject([{ code: "changed", field: "messages.1.content.0.content.1" }]);
    const kept = turns(history, { toolResultMedia: true });
    expect(kept.messages[1]?.["content"]).toMatchObject([{ type: "text" }, { type: "image_url" }]);
    expect(kept.warnings).toEqual([]);
  });

  it("warn that a result has no mark for an error", () => {
    const { warnings } = turns([
      calling,
      {
        role: "tool",
        content: [{ type: "tool-result", id: "call_1", content: "no such file", isError: true }],
      },
    ]);
    expect(warnings).toMatchObject([{ code: "unsupported", field: "messages.1.content.0.isError" }]);
  });

  it("leave out turns that failed midway, and empty ones if the endpoint refuses them", () => {
    const history: Message[] = [
      { role: "assistant", content: "Ha", incomplete: true },
      { role: "assistant", content: "" },
    ];
    expect(turns(history).messages).toEqual([{ role: "assistant", content: "" }]);
    const strict = turns(history, { noEmptyAssistant: true });
    expect(strict.messages).toEqual([]);
    expect(fields(strict.warnings)).toEqual(["messages.0", "messages.1"]);
  });

  it("give a call and its result the same new id", () => {
    const id = "a-rather-long-id-that-some-other-vendor-made-up-for-its-own-reasons";
    const history: Message[] = [
      { role: "assistant", content: [{ type: "tool-call", id, name: "f", arguments: {} }] },
      { role: "tool", content: [{ type: "tool-result", id, content: "one" }] },
    ];
    for (const [quirks, shape] of [
      [{ maxToolCallId: 40 }, /^.{40}$/],
      [{ mistralTemplate: true }, /^[A-Za-z0-9]{9}$/],
    ] as const) {
      const { messages } = turns(history, quirks);
      const [made] = asArray(messages[0]?.["tool_calls"]).map((one) => asObject(one)?.["id"]);
      expect(made).toMatch(shape);
      expect(messages[1]?.["tool_call_id"]).toBe(made);
    }
  });

  it("have cache marks if the endpoint accepts them, and a warning if not", () => {
    const history: Message[] = [
      { role: "system", content: "Long.", cache: { ttl: "1h" } },
      { role: "user", content: [{ type: "text", text: "Hi", cache: {} }] },
    ];
    expect(turns(history, { cacheControl: true }).messages).toEqual([
      {
        role: "system",
        content: [{ type: "text", text: "Long.", cache_control: { type: "ephemeral", ttl: "1h" } }],
      },
      { role: "user", content: [{ type: "text", text: "Hi", cache_control: { type: "ephemeral" } }] },
    ]);
    expect(fields(turns(history).warnings)).toEqual(["messages.0.cache", "messages.1.content.0.cache"]);
  });
});

describe("a model's earlier turn", () => {
  const thought: ContentPart = { type: "reasoning", text: "Hm" };
  const said: ContentPart = { type: "text", text: "Hi" };

  function turn(content: readonly ContentPart[], quirks: OpenAiChatQuirks = {}) {
    const { messages, warnings } = turns([{ role: "assistant", content }], quirks);
    return { turn: messages[0], warnings };
  }

  function own(data: JsonObject): Origin {
    return { family: "labs", provider: "labs", model: "asked", data };
  }

  it("is sent without its reasoning, with a warning, unless the endpoint accepts it", () => {
    const left = turn([thought, said]);
    expect(left.turn).toEqual({ role: "assistant", content: "Hi" });
    expect(left.warnings).toMatchObject([{ code: "state-dropped", field: "messages.0.content.0" }]);
    for (const field of ["reasoning_content", "reasoning"] as const) {
      const kept = turn([thought, said], { reasoningHistory: field });
      expect(kept.turn).toEqual({ role: "assistant", content: "Hi", [field]: "Hm" });
      expect(kept.warnings).toEqual([]);
    }
  });

  it("always has reasoning if the endpoint requires it", () => {
    const quirks: OpenAiChatQuirks = {
      reasoningHistory: "reasoning_content",
      reasoningHistoryRequired: true,
    };
    expect(turn([said], quirks).turn).toEqual({ role: "assistant", content: "Hi", reasoning_content: "" });
  });

  it("keeps state of the target's family unchanged, and loses any other with a warning", () => {
    const details = [{ type: "reasoning.encrypted", data: "xyz", index: 0 }];
    const extra_content = { google: { thought_signature: "sig" } };
    const call = { type: "tool-call" as const, id: "a", name: "f", arguments: {} };
    const ours = turn(
      [
        { ...thought, origin: own({ reasoning_details: details }) },
        { ...said, origin: own({ extra_content }) },
        { ...call, origin: own({ extra_content }) },
      ],
      { reasoningHistory: "reasoning_details" },
    );
    expect(ours.turn).toMatchObject({
      reasoning_details: details,
      extra_content,
      tool_calls: [{ extra_content }],
    });
    expect(ours.warnings).toEqual([]);
    const foreign: Origin = { family: "anthropic", data: { signature: "s" } };
    const theirs = turn(
      [
        { ...thought, origin: foreign },
        { ...call, origin: foreign },
      ],
      { reasoningHistory: "reasoning" },
    );
    expect(JSON.stringify(theirs.turn)).not.toMatch(/signature|Hm/);
    expect(theirs.warnings.map(({ code }) => code)).toEqual(["state-dropped", "state-dropped"]);
  });

  it("loses state that is bound to another account", () => {
    const origin = { ...own({ extra_content: { a: 1 } }), account: "acct_1" };
    expect(turn([{ ...said, origin }]).turn).not.toHaveProperty("extra_content");
  });

  it("has the id of a spoken answer, or its transcript if another model gave it", () => {
    const audio: ContentPart = { type: "audio", data: "AAAA", mediaType: "audio/wav", transcript: "Hello" };
    expect(turn([{ ...audio, origin: own({ audio: { id: "au_1" } }) }]).turn).toEqual({
      role: "assistant",
      content: null,
      audio: { id: "au_1" },
    });
    const words = turn([audio]);
    expect(words.turn).toEqual({ role: "assistant", content: "Hello" });
    expect(fields(words.warnings)).toEqual(["messages.0.content.0"]);
  });

  it("warns about everything that has no place in it", () => {
    const { turn: written, warnings } = turn([
      { type: "tool-call", id: "s", name: "search", arguments: {}, executedBy: "provider" },
      { type: "tool-result", id: "s", content: "found", executedBy: "provider" },
      said,
      { type: "image", data: "AAAA", mediaType: "image/png" },
      { type: "source", url: "https://a.example" },
      { type: "tool-call", id: "a", name: "f", argumentsText: '{"x":' },
    ]);
    expect(written).toEqual({
      role: "assistant",
      content: "Hi",
      tool_calls: [{ id: "a", type: "function", function: { name: "f", arguments: "{}" } }],
    });
    const places = ["0", "1", "3", "4", "5.argumentsText"];
    expect(fields(warnings)).toEqual(places.map((place) => `messages.0.content.${place}`));
  });

  it("keeps a refusal in its own field", () => {
    expect(turn([{ type: "refusal", text: "No." }]).turn).toEqual({
      role: "assistant",
      content: null,
      refusal: "No.",
    });
  });
});
