import { describe, expect, it } from "vitest";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import { EncodeWarnings } from "./encode-warnings.js";
import { provideContentRules } from "./provide.js";
import { reasonOf } from "./reason.js";

provideContentRules();

const request: ChatRequest = {
  messages: [
    { role: "system", content: "s" },
    {
      role: "user",
      content: [
        { type: "text", text: "t" },
        { type: "image", url: "u", detail: "low" },
      ],
    },
    {
      role: "tool",
      content: [{ type: "tool-result", id: "1", content: [{ type: "image", url: "u", detail: "low" }] }],
    },
  ],
  tools: [{ type: "provider", id: "x/y" }],
  toolChoice: "none",
  responseFormat: { type: "json" },
  metadata: { k: 1 },
};

describe("the reason of a loss", () => {
  it.each([
    ["a field", "topK", ["topK"], "topK"],
    ["a part by its type", "messages.1.content.1", ["messages.content.image"], "messages.content.image"],
    [
      "a field of a part by the part's type",
      "messages.1.content.1.detail",
      ["messages.content.image.detail", "messages.content.detail"],
      "messages.content.image.detail",
    ],
    [
      "a field of any part",
      "messages.1.content.1.detail",
      ["messages.content.detail", "messages.content"],
      "messages.content.detail",
    ],
    [
      "a part by the role of its message",
      "messages.1.content.1",
      ["messages.user.content.image", "messages.content.image"],
      "messages.user.content.image",
    ],
    [
      "a part within a tool's result",
      "messages.2.content.0.content.0.detail",
      ["messages.content.detail"],
      "messages.content.detail",
    ],
    ["a message by its role", "messages.0", ["messages.system", "messages"], "messages.system"],
    ["a tool by its type", "tools.0", ["tools.provider"], "tools.provider"],
    ["a word", "toolChoice", ["toolChoice.none", "toolChoice"], "toolChoice.none"],
    ["a format by its type", "responseFormat", ["responseFormat.json"], "responseFormat.json"],
    ["a field by its name alone", "messages.1.content.0.cache", ["cache"], "cache"],
    ["a field of an object by the object", "metadata.k", ["metadata", "k"], "metadata"],
  ])("is found for %s", (_, field, keys, found) => {
    expect(reasonOf(Object.fromEntries(keys.map((key) => [key, key])), request, field)).toBe(found);
  });

  it.each([
    ["a field that is not listed", "seed"],
    ["a part, by an entry about messages as a whole", "messages.1.content.0"],
    ["a name of Object's own", "constructor"],
    ["a path that leads nowhere", "messages.9.content.0"],
    ["an empty path", ""],
  ])("is not found for %s", (_, field) => {
    expect(reasonOf({ topK: "no", messages: "no" }, request, field)).toBeUndefined();
  });
});

describe("a warning", () => {
  it("names the field and quotes the reason that the table states", () => {
    const context = new EncodeWarnings({ topK: "there is no such parameter" }, request);
    context.unsupported("topK");
    context.changed("topK", "40 became 20");
    context.notReplayed("topK", { key: "topK", detail: "it was 40" });
    expect(context.warnings).toEqual([
      { code: "unsupported", field: "topK", message: '"topK" was left out: there is no such parameter' },
      {
        code: "changed",
        field: "topK",
        message: '"topK" was changed: there is no such parameter; 40 became 20',
      },
      {
        code: "state-dropped",
        field: "topK",
        message: '"topK" is not sent back unchanged: there is no such parameter; it was 40',
      },
    ]);
  });

  it("says what the endpoint cannot do in place of what the dialect cannot", () => {
    const context = new EncodeWarnings({ topK: "at most 500" }, request);
    context.unsupported("topK", { reason: "this endpoint does not accept it" });
    expect(context.warnings[0]?.message).toBe('"topK" was left out: this endpoint does not accept it');
  });

  it("says something if the table has no entry", () => {
    const context = new EncodeWarnings({}, request);
    context.unsupported("topK");
    context.unsupported("seed", "it is 7");
    expect(context.warnings.map(({ message }) => message)).toEqual([
      '"topK" was left out: this dialect has no place for it',
      '"seed" was left out: it is 7',
    ]);
  });

  it("names who can read state that was left out", () => {
    const context = new EncodeWarnings({}, request);
    context.stateDropped("messages.0.content.0", "google");
    expect(context.warnings).toMatchObject([
      { code: "state-dropped", field: "messages.0.content.0", message: expect.stringContaining("google") },
    ]);
  });
});
