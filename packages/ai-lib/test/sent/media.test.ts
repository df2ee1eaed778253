import { describe, expect, it } from "vitest";
import type { UserPart } from "../../src/core/values/message.js";
import { ask, TARGETS } from "./ask.js";

const asking = (part: UserPart) => ({
  messages: [{ role: "user" as const, content: [part, { type: "text" as const, text: "what is this?" }] }],
});
const bytes = (mediaType: string): UserPart => ({ type: "image", data: "iVBORw0K", mediaType });

describe.each(Object.entries(TARGETS).filter(([dialect]) => dialect !== "ollama-chat"))(
  "media to %s",
  (dialect, spec) => {
    it.each(["image/png", "image/jpeg", "image/webp"])("may be %s", async (mediaType) => {
      expect((await ask(spec, asking(bytes(mediaType)))).sent).toHaveLength(1);
    });

    it.each(["image/svg+xml", "image/bmp", "image/tiff"])(
      "are refused where they are %s",
      async (mediaType) => {
        for (const part of [bytes(mediaType), { type: "file", data: "AAAA", mediaType } as const]) {
          const { sent, error } = await ask(spec, asking(part));
          expect(sent).toEqual([]);
          expect(error).toMatchObject({ code: "UNSUPPORTED_FEATURE", local: true });
          expect(error?.message).toContain("`messages.0.content.0`");
        }
      },
    );

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
