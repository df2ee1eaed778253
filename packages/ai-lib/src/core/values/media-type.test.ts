import { fileTypeFromBuffer } from "file-type";
import { describe, expect, it } from "vitest";
import { sniffMediaType } from "./media-type.js";

const bytes = (...pieces: readonly (string | number)[]) =>
  Uint8Array.from(
    pieces.flatMap((piece) =>
      typeof piece === "number" ? Array<number>(piece).fill(0) : [...piece].map((one) => one.charCodeAt(0)),
    ),
  );

const zip = (name: string, content = "") =>
  bytes("PK\x03\x04\x14\0\0\0\0\0", 16, String.fromCharCode(name.length), "\0\0\0", name, content);

const HEADS: readonly (readonly [type: string, head: Uint8Array])[] = [
  ["image/png", bytes("\x89PNG\r\n\x1a\n", 4, "IHDR", 20)],
  ["image/jpeg", bytes("\xff\xd8\xff\xe0", 20)],
  ["image/gif", bytes("GIF89a", 20)],
  ["image/webp", bytes("RIFF", 4, "WEBPVP8 ", 20)],
  ["image/bmp", bytes("BM", 30)],
  ["image/avif", bytes("\0\0\0\x20ftypavif", 20)],
  ["image/heic", bytes("\0\0\0\x20ftypheic", 20)],
  ["application/pdf", bytes("%PDF-1.7\n", 30)],
  ["application/rtf", bytes("{\\rtf1", 30)],
  ["audio/wav", bytes("RIFF", 4, "WAVEfmt ", 20)],
  ["audio/flac", bytes("fLaC", 20)],
  ["audio/midi", bytes("MThd", 20)],
  ["video/quicktime", bytes("\0\0\0\x14ftypqt  ", 20)],
  ["video/mp4", bytes("\0\0\0\x20ftypisom", 20)],
  ["video/webm", bytes("\x1aE\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm", 20)],
];

describe("sniffMediaType", () => {
  it.each(HEADS)("knows %s, as the package file-type does", async (type, head) => {
    expect(sniffMediaType(head)).toBe(type);
    const other = (await fileTypeFromBuffer(head))?.mime as string | undefined;
    expect([type, undefined]).toContain(other);
  });

  it.each([
    ["audio/mpeg", bytes("ID3\x04", 20)],
    ["audio/mpeg", bytes("\xff\xfb\x90\x64", 20)],
    ["audio/aac", bytes("\xff\xf1\x50\x80", 20)],
    ["audio/opus", bytes("OggS", 24, "OpusHead")],
    ["audio/ogg", bytes("OggS", 24, "\x01vorbis")],
    ["audio/mp4", bytes("\0\0\0\x20ftypM4A ", 20)],
    ["image/svg+xml", bytes('<?xml version="1.0"?><svg xmlns="">')],
    ["application/zip", zip("a.txt")],
    ["application/epub+zip", zip("mimetype", "application/epub+zipPK\x03\x04")],
    ["application/vnd.openxmlformats-officedocument.wordprocessingml.document", zip("word/document.xml")],
    ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", zip("xl/workbook.xml")],
    ["application/vnd.openxmlformats-officedocument.presentationml.presentation", zip("ppt/slides.xml")],
  ] as const)("knows %s", (type, head) => {
    expect(sniffMediaType(head)).toBe(type);
  });

  it.each([
    ["nothing", bytes()],
    ["text", bytes("Hello")],
    ["one byte", bytes("\xff")],
    ["bytes of no known format", bytes("\x01\x02\x03\x04")],
    ["the sync of MPEG with a layer that does not exist", bytes("\xff\xe1\x90")],
  ])("returns nothing for %s", (_, head) => {
    expect(sniffMediaType(head)).toBeUndefined();
  });
});
