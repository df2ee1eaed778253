import { describe, expect, it } from "vitest";
import { AiLibError } from "../../../core/errors/error.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { Origin } from "../../../core/values/message.js";
import { NINE_CHARACTERS } from "./call-ids.js";
import { EncodeContext } from "./encode-context.js";
import type { EncodeRules } from "./encode-rules.js";
import { provideContentRules } from "./provide.js";

provideContentRules();

const rules: EncodeRules = {
  dialect: "mistral-chat",
  cannot: { continues: "no state is stored", "messages.content.audio": "there is no sound" },
  readers: ({ provider }) => ({ families: ["mistral", provider], stores: ["mistral-chat"] }),
};
const target = { provider: "p", model: "m", quirks: {}, now: 0 };

function context(request: Partial<ChatRequest> = {}, more: Partial<EncodeRules> = {}): EncodeContext {
  return new EncodeContext({ ...rules, ...more }, { messages: [], ...request }, "unary", target);
}

function refusalOf(run: () => unknown): AiLibError {
  try {
    run();
  } catch (error) {
    if (AiLibError.is(error)) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("an encode context", () => {
  const own: Origin = { family: "mistral", data: { signature: "s" } };

  it("returns state that the target can read, and warns about any other", () => {
    const made = context();
    expect(made.stateOf(own, "a")).toEqual({ signature: "s" });
    expect(made.stateOf(undefined, "b")).toBeUndefined();
    expect(made.stateOf({ ...own, family: "google" }, "c")).toBeUndefined();
    expect(made.stateOf({ ...own, account: "other" }, "d")).toBeUndefined();
    expect(made.warnings.map(({ code, field }) => [code, field])).toEqual([
      ["state-dropped", "c"],
      ["state-dropped", "d"],
    ]);
  });

  it("warns about a part that is left out by its state, else by another reason", () => {
    const made = context();
    made.dropPart({ ...own, family: "google" }, "a", "it is late");
    made.dropPart(own, "b", "it is late");
    made.dropPart(undefined, "c");
    expect(made.warnings).toMatchObject([
      { code: "state-dropped", field: "a", message: expect.stringContaining("only google can read") },
      { code: "state-dropped", field: "b", message: expect.stringContaining("it is late") },
      { code: "state-dropped", field: "c" },
    ]);
  });

  it("leaves results out with their call, and not those of a later call with the same id", () => {
    const made = context();
    made.noteCall("1", "search");
    made.dropCall("1", "messages.0.content.0", "its arguments were cut");
    expect(made.isDropped("1")).toBe(true);
    made.noteCall("1", "weather");
    expect([made.isDropped("1"), made.nameOf("1"), made.nameOf("2")]).toEqual([false, "weather", undefined]);
    expect(made.warnings).toMatchObject([{ code: "state-dropped", field: "messages.0.content.0" }]);
  });

  it.each([
    ["by its media type", { mediaType: "image/png", data: "AAAA" }],
    ["by its data URI", { url: "data:image/png;base64,AAAA" }],
  ])("makes an image of a file, %s", (_, media) => {
    const made = context();
    expect(made.asImage({ type: "file", ...media, name: "a.png" }, "a")).toEqual({ type: "image", ...media });
    expect(made.warnings).toMatchObject([{ code: "unsupported", field: "a.name" }]);
  });

  it.each([
    ["a document", { mediaType: "application/pdf", data: "AAAA" }],
    ["a file of an unknown type", { url: "https://x.test/a" }],
    ["a stored file", { mediaType: "image/png", uploaded: { provider: "p", id: "f" } }],
  ])("makes no image of %s", (_, media) => {
    expect(context().asImage({ type: "file", ...media }, "a")).toBeUndefined();
  });

  it("asks the dialect's rule about the target", () => {
    expect(context().canRead({ ...own, family: "p" })).toBe(true);
    expect(context().canReadStore("mistral-chat")).toBe(true);
    expect(context().canReadStore("mistral")).toBe(false);
  });

  it("refuses with the table's reason, before anything is sent, naming the target", () => {
    const request: ChatRequest = {
      messages: [{ role: "user", content: [{ type: "audio", data: "", mediaType: "audio/wav" }] }],
    };
    const error = refusalOf(() => context(request).refuse("messages.0.content.0", "send its transcript"));
    expect(error).toMatchObject({
      code: "UNSUPPORTED_FEATURE",
      message: "p cannot take `messages.0.content.0`: there is no sound; send its transcript",
      local: true,
      target: { provider: "p", model: "m" },
    });
  });

  it("gives the id of a medium in a store that the target can read, and refuses any other", () => {
    const made = context({}, { cannot: { "messages.content.uploaded": "send the bytes" } });
    const stored = (provider: string) => ({ uploaded: { provider, id: "f" } });
    expect(made.uploadedId(stored("mistral-chat"), "a")).toBe("f");
    expect(made.uploadedId({ url: "https://x.test" }, "a")).toBeUndefined();
    expect(refusalOf(() => made.uploadedId(stored("elsewhere"), "a")).message).toContain(
      "`a`: send the bytes; it is stored by elsewhere",
    );
  });

  it("refuses to continue a stored response, unless the dialect stores some and can read that store", () => {
    const continues = { provider: "elsewhere", id: "1" };
    expect(refusalOf(() => context({ continues }).refuseContinues()).code).toBe("UNSUPPORTED_FEATURE");
    expect(refusalOf(() => context({ continues }).refuseContinues(true)).message).toContain("elsewhere");
    context({ continues: { ...continues, provider: "p" } }).refuseContinues(true);
    context().refuseContinues();
  });

  it("merges the dialect's extensions over an object, and the provider's over both", () => {
    const extensions = {
      "mistral-chat": { a: { x: 1, y: 1 }, b: 1 },
      p: { a: { y: 2 } },
      gemini: { c: 1 },
    };
    expect(context().extended({ a: { z: 0 } }, extensions)).toEqual({ a: { x: 1, y: 2, z: 0 }, b: 1 });
    const object = { a: 1 };
    expect(context().extended(object, { gemini: { c: 1 } })).toBe(object);
    expect(context().hasExtensions(extensions)).toBe(true);
    expect(context().hasExtensions({ gemini: { c: 1 }, p: {} })).toBe(false);
  });

  it("leaves call ids alone where any id is accepted, else makes them fit", () => {
    const call = { type: "tool-call", id: "call_1", name: "f", arguments: {} } as const;
    const request: ChatRequest = { messages: [{ role: "assistant", content: [call] }] };
    expect(context(request).callId("call_1")).toBe("call_1");
    const nine = context(request, { callIds: () => NINE_CHARACTERS });
    expect(nine.callId("call_1")).toMatch(/^[A-Za-z0-9]{9}$/);
    expect(nine.callId("call_1")).toBe(nine.callId("call_1"));
  });
});
