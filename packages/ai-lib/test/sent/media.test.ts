import { describe, expect, it } from "vitest";
import type { UserPart } from "../../src/core/values/message.js";
import { ask, TARGETS } from "./ask.js";

const asking = (part: UserPart) => ({
  messages: [{ role: "user" as const, content: [part, { type: "text" as const, text: "what is this?" }] }],
});
const bytes = (mediaType: string): UserPart => ({ type: "image", data: "iVBORw0K", mediaType });

/** The smallest picture. */
const DOT =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

describe.each(Object.entries(TARGETS))("bytes to %s", (_, spec) => {
  const whole = async (part: UserPart) => (await ask(spec, asking(part))).sent[0]?.body;
  const png: UserPart = { type: "image", data: DOT, mediaType: "image/png" };

  it.each([
    ["base64 of URLs, without padding", { ...png, data: DOT.replaceAll("+", "-").replace(/=+$/, "") }],
    ["base64 in lines", { ...png, data: `${DOT.slice(0, 76)}\r\n${DOT.slice(76)}\n` }],
    ["a data: URI in data", { ...png, data: `data:image/png;base64,${DOT}` }],
    ["a type that says nothing", { ...png, mediaType: "application/octet-stream" }],
    ["any type of image", { ...png, mediaType: "image/*" }],
    ["a data: URI without a type", { type: "image", url: `data:;base64,${DOT}` }],
    ["a file whose type says nothing", { type: "file", data: DOT, mediaType: "application/octet-stream" }],
  ] as [string, UserPart][])("are in one form: %s", async (_name, part) => {
    expect(await whole(part)).toEqual(await whole(png));
  });

  it("that are no picture are no image, whatever the part says", async () => {
    const { sent, error } = await ask(
      spec,
      asking({ type: "image", data: "AAAA", mediaType: "application/x-y" }),
    );
    expect(sent).toEqual([]);
    expect(error).toMatchObject({ code: "UNSUPPORTED_FEATURE", local: true });
  });

  it.each(["", "%%%", "<svg/>"])("are base64, which %j is not", async (data) => {
    const { sent, error } = await ask(spec, asking({ type: "image", data, mediaType: "image/png" }));
    expect(sent).toEqual([]);
    expect(error).toMatchObject({
      code: "INVALID_REQUEST",
      message: expect.stringContaining("messages.0.content.0"),
    });
  });

  it.each(["s3://bucket/a.pdf", "gs://bucket/a.pdf"])("within another cloud are refused: %s", async (url) => {
    const own = { s3: "bedrock", gs: "google" }[url.slice(0, 2)];
    const { sent, error } = await ask(spec, asking({ type: "file", url, mediaType: "application/pdf" }));
    if (spec.startsWith(own ?? "")) expect(JSON.stringify(sent[0]?.body)).toContain(url);
    else expect(error).toMatchObject({ code: "UNSUPPORTED_FEATURE", local: true });
  });

  it("of text have no encoding that vendors assume", async () => {
    const { sent } = await ask(
      spec,
      asking({ type: "file", data: "aGk=", mediaType: "Text/Plain; charset=UTF-8", name: "a.txt" }),
    );
    expect(JSON.stringify(sent)).not.toContain("charset=");
  });
});

describe.each(Object.entries(TARGETS).filter(([dialect]) => dialect !== "ollama-chat"))(
  "media to %s",
  (dialect, spec) => {
    it.each(["image/png", "image/jpeg", "image/webp"])("may be %s", async (mediaType) => {
      expect((await ask(spec, asking(bytes(mediaType)))).sent).toHaveLength(1);
    });

    it.each(["image/svg+xml", "image/bmp", "image/tiff"])("are refused if they are %s", async (mediaType) => {
      for (const part of [bytes(mediaType), { type: "file", data: "AAAA", mediaType } as const]) {
        const { sent, error } = await ask(spec, asking(part));
        expect(sent).toEqual([]);
        expect(error).toMatchObject({ code: "UNSUPPORTED_FEATURE", local: true });
        expect(error?.message).toContain("`messages.0.content.0`");
      }
    });

    it.each(["image/jpg", "image/x-png", "IMAGE/PNG", "image/png; charset=binary"])(
      "have registered types: %s",
      async (mediaType) => {
        const { sent, error } = await ask(spec, asking(bytes(mediaType)));
        expect(error).toBeUndefined();
        expect(JSON.stringify(sent[0]?.body)).not.toContain(mediaType);
      },
    );

    it("may be a data: URI, in a part of an image or of a file", async () => {
      const url = "data:image/png;base64,iVBORw0K";
      for (const part of [
        { type: "image", url },
        { type: "file", url },
      ] as const) {
        const { sent } = await ask(spec, asking(part));
        const whole = await ask(spec, asking(bytes("image/png")));
        expect(sent[0]?.body).toEqual(whole.sent[0]?.body);
      }
    });

    it("by URL are sent as such, or refused, and never left out", async () => {
      const url = "https://example.com/a.png";
      const { sent, error } = await ask(spec, asking({ type: "image", url }));
      if (dialect === "bedrock-converse")
        expect(error).toMatchObject({ code: "UNSUPPORTED_FEATURE", local: true });
      else expect(JSON.stringify(sent[0]?.body)).toContain(url);
    });
  },
);

it("are never left out for Ollama, which takes bytes alone", async () => {
  const { sent, error } = await ask(
    "ollama/llava",
    asking({ type: "image", url: "https://example.com/a.png" }),
  );
  expect(sent).toEqual([]);
  expect(error).toMatchObject({ code: "UNSUPPORTED_FEATURE", local: true });
});
