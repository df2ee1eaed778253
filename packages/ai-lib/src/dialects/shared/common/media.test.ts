import { describe, expect, it } from "vitest";
import type { Message } from "../../../core/values/message.js";
import { normalizeMedia } from "./media.js";

const image = (part: object) => [{ role: "user", content: [{ type: "image", ...part }] }] as Message[];

describe("normalizeMedia", () => {
  it.each([
    ["image/jpg", "image/jpeg"],
    ["IMAGE/JPG", "image/jpeg"],
    ["image/x-png", "image/png"],
  ])("gives %s its registered name", (mediaType, registered) => {
    expect(normalizeMedia(image({ data: "AA==", mediaType }))).toEqual(
      image({ data: "AA==", mediaType: registered }),
    );
  });

  it("takes the bytes out of a data URI", () => {
    expect(normalizeMedia(image({ url: "data:image/jpg;base64,AA==" }))).toEqual(
      image({ data: "AA==", mediaType: "image/jpeg" }),
    );
  });

  it("reaches media in results of tools", () => {
    const result = (mediaType: string) =>
      [
        {
          role: "tool",
          content: [{ type: "tool-result", id: "c", content: [{ type: "image", data: "AA==", mediaType }] }],
        },
      ] as Message[];
    expect(normalizeMedia(result("image/jpg"))).toEqual(result("image/jpeg"));
  });

  it("gives the same array if nothing changes", () => {
    const messages = image({ url: "https://example.com/a.jpg" });
    expect(normalizeMedia(messages)).toBe(messages);
  });
});
