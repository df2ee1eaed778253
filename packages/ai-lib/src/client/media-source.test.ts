import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { errorOf } from "../../test/support/calls.js";
import { type MediaSource, openMedia, readMedia } from "./media-source.js";

const pdf = new TextEncoder().encode(`%PDF-1.7\n${"x".repeat(6_000)}`);
const words = new TextEncoder().encode("Grüße aus dem Süden");
const unknown = new Uint8Array([0, 1, 2, 3, 0xff, 0xfe]);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "media-"));
  writeFileSync(join(folder, "a.pdf"), pdf);
  writeFileSync(join(folder, "odd.bin"), unknown);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Bytes in pieces, and whether whoever read them said that it was done. */
function inPieces(bytes: Uint8Array, size: number) {
  const state = { closed: false };
  async function* pieces() {
    try {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    } finally {
      state.closed = true;
    }
  }
  return { source: pieces(), state };
}

const whole = async (source: MediaSource, hints = {}) => {
  const media = await openMedia(source, hints);
  return { ...media, bytes: await readMedia(media, 10_000) };
};

describe("a source of bytes", () => {
  const sources: [string, () => MediaSource][] = [
    ["bytes", () => pdf],
    ["a buffer", () => pdf.slice().buffer],
    ["a blob", () => new Blob([pdf.slice()])],
    ["a web stream", () => new Blob([pdf.slice()]).stream() as ReadableStream<Uint8Array>],
    ["pieces", () => inPieces(pdf, 1_000).source],
    ["pieces of one byte", () => inPieces(pdf, 1).source],
    ["a path", () => join(folder, "a.pdf")],
  ];
  it.each(sources)("is recognised and read whole: %s", async (_, source) => {
    const { bytes, mediaType } = await whole(source());
    expect(mediaType).toBe("application/pdf");
    expect(Buffer.from(bytes).equals(pdf)).toBe(true);
  });

  it("has the path's name, else the one that was given", async () => {
    expect((await openMedia(join(folder, "a.pdf"))).name).toBe("a.pdf");
    expect((await openMedia(pdf)).name).toBe("file");
    expect((await openMedia(pdf, { name: "b.pdf" })).name).toBe("b.pdf");
  });

  it("reports its size if it is known", async () => {
    expect((await openMedia(join(folder, "a.pdf"))).size).toBe(pdf.length);
    expect((await openMedia(pdf)).size).toBe(pdf.length);
    expect((await openMedia(inPieces(pdf, 10).source)).size).toBeUndefined();
  });

  it("has the given type, else that of its blob", async () => {
    expect((await openMedia(pdf, { mediaType: "text/csv" })).mediaType).toBe("text/csv");
    expect((await openMedia(new Blob(["a,b"], { type: "text/csv" }))).mediaType).toBe("text/csv");
    expect((await openMedia(inPieces(unknown, 2).source, { mediaType: "x/y" })).mediaType).toBe("x/y");
  });

  it("of plain words is text, also if the head ends within a letter", async () => {
    expect((await openMedia(words)).mediaType).toBe("text/plain");
    const long = new TextEncoder().encode("ü".repeat(5_000));
    expect((await openMedia(long)).mediaType).toBe("text/plain");
    expect((await openMedia(inPieces(long, 3).source)).mediaType).toBe("text/plain");
  });

  it("of an unknown type is refused, and closed", async () => {
    const { source, state } = inPieces(unknown, 2);
    expect(await errorOf(openMedia(source))).toMatchObject({ code: "FILE_ERROR", local: true });
    expect(state.closed).toBe(true);
    expect(await errorOf(openMedia(unknown))).toMatchObject({ code: "FILE_ERROR" });
    expect(await errorOf(openMedia(new Uint8Array()))).toMatchObject({ code: "FILE_ERROR" });
    expect(await errorOf(openMedia(join(folder, "odd.bin")))).toMatchObject({ code: "FILE_ERROR" });
  });

  it.each([undefined, { mediaType: "text/plain" }])(
    "that is not a file is refused before anything is sent (%j)",
    async (hints) => {
      const missing = join(folder, "none.pdf");
      expect(await errorOf(openMedia(missing, hints))).toMatchObject({
        code: "FILE_ERROR",
        message: expect.stringContaining(missing),
      });
      expect(await errorOf(openMedia(folder, hints))).toMatchObject({ code: "FILE_ERROR" });
    },
  );

  it.each([{}, new Uint16Array(2), 5, null, undefined])("is not %s", async (source) => {
    expect(await errorOf(openMedia(source as unknown as MediaSource))).toMatchObject({ code: "FILE_ERROR" });
  });

  it("is read up to its limit and no further", async () => {
    const limit = pdf.length;
    for (const make of [() => pdf as MediaSource, () => inPieces(pdf, 1_000).source]) {
      expect((await readMedia(await openMedia(make()), limit)).length).toBe(limit);
      expect(await errorOf(readMedia(await openMedia(make()), limit - 1))).toMatchObject({
        code: "FILE_ERROR",
        message: expect.stringContaining(`${limit - 1} bytes`),
      });
    }
    const { source, state } = inPieces(pdf, 5_000);
    await errorOf(readMedia(await openMedia(source), 10));
    expect(state.closed).toBe(true);
  });
});
