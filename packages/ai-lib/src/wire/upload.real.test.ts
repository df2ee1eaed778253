import { describe, expect, it } from "vitest";
import { HeardSink, requestTo, serveHttp, signal } from "../../test/support/loopback.js";
import type { Transport } from "../core/contract/transport.js";
import type { FileUpload } from "../core/contract/upload.js";
import { fetchTransport } from "./transport-fetch.js";
import { nodeTransport } from "./transport-node.js";
import { type FileBody, type FileBodyOptions, fileBody, multipartBody } from "./upload.js";

const bytes = new TextEncoder();
const random = () => 0.5;

function file(content: FileUpload["content"], size?: number): FileUpload {
  return { content, size, filename: 'rep"ort\n.pdf', mediaType: "application/pdf" };
}

async function* pieces(...all: string[]): AsyncGenerator<Uint8Array> {
  for (const one of all) yield bytes.encode(one);
}

async function text(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const transports: readonly (readonly [string, () => Transport])[] = [
  ["node", () => nodeTransport({ proxy: false })],
  ["fetch", () => fetchTransport()],
];

/** Uploads to a server that reads the form with the platform's own parser and answers with what it found. */
async function upload(transport: Transport, { headers, body }: FileBody): Promise<HeardSink> {
  const server = await serveHttp((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", async () => {
      const form = await new Response(Buffer.concat(chunks), {
        headers: { "content-type": request.headers["content-type"] ?? "" },
      }).formData();
      const found = form.get("file") as File;
      response.end(
        JSON.stringify({
          purpose: form.get("purpose"),
          name: found.name,
          type: found.type,
          text: (await found.text()).length,
          length: request.headers["content-length"],
        }),
      );
    });
  });
  const sink = new HeardSink();
  transport.open(requestTo(server.url, { method: "POST", headers, body }), sink);
  await sink.ending;
  return sink;
}

describe.each(transports)("a multipart upload over the %s transport", (name, make) => {
  it("is understood by a server, its length announced if it is known", async () => {
    const content = new Uint8Array(200_000).fill(97);
    const heard = await upload(
      make(),
      multipartBody({ purpose: "user data" }, "file", file(content), random),
    );
    expect(heard.error).toBeUndefined();
    const found = JSON.parse(heard.text);
    expect(found).toMatchObject({ purpose: "user data", type: "application/pdf", text: 200_000 });
    expect(found.name).toBe('rep"ort\n.pdf');
    if (name === "node") expect(Number(found.length)).toBeGreaterThan(200_000);
  });

  it("is sent in chunks if its length is not known", async () => {
    const heard = await upload(
      make(),
      multipartBody({ purpose: "x" }, "file", file(pieces("abc", "def")), random),
    );
    expect(JSON.parse(heard.text)).toMatchObject({ text: 6 });
    expect(JSON.parse(heard.text).length).toBeUndefined();
  });

  it("fails when its source turns out to be too large", async () => {
    const body = multipartBody({}, "file", file(pieces("abc", "def")), random, { maxBytes: 5 });
    const heard = await upload(make(), body);
    expect(heard.error).toMatchObject({ code: "FILE_ERROR", message: expect.stringContaining("5 bytes") });
  });

  it("closes a source that hangs, on abort", async () => {
    const asked = signal();
    const released = signal();
    const hanging: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({
        next() {
          asked.give();
          return new Promise(() => {});
        },
        return() {
          released.give();
          return Promise.resolve({ done: true, value: undefined });
        },
      }),
    };
    const server = await serveHttp((request) => void request.resume());
    const { headers, body } = multipartBody({}, "file", file(hanging), random);
    const sink = new HeardSink();
    const flow = make().open(requestTo(server.url, { method: "POST", headers, body }), sink);
    await asked.given;
    flow.abort();
    await released.given;
    expect(sink.failed).toBe(0);
  });
});

describe("a file's body", () => {
  it("reports its progress piece by piece, up to the whole", async () => {
    const heard: unknown[] = [];
    const onProgress: FileBodyOptions["onProgress"] = (sent, total) => heard.push([sent, total]);
    await text(fileBody(file(new Uint8Array(150_000)), { onProgress }).body);
    expect(heard).toEqual([
      [65_536, 150_000],
      [131_072, 150_000],
      [150_000, 150_000],
    ]);
    heard.length = 0;
    await text(fileBody(file(pieces("ab", "c")), { onProgress }).body);
    expect(heard).toEqual([
      [2, undefined],
      [3, undefined],
    ]);
  });

  it("can be read again if it is bytes, as a second attempt needs it", async () => {
    const { body, headers } = fileBody(file(bytes.encode("abc")));
    expect(headers).toEqual({ "content-type": "application/pdf", "content-length": "3" });
    expect([await text(body), await text(body)]).toEqual(["abc", "abc"]);
  });

  it("is refused immediately if it is known to be too large, naming both sizes", () => {
    expect(() => fileBody(file(new Uint8Array(11)), { maxBytes: 10 })).toThrow(
      expect.objectContaining({ code: "FILE_ERROR", local: true, message: expect.stringMatching(/11.*10/) }),
    );
    expect(() => fileBody(file(pieces(), 11), { maxBytes: 10 })).toThrow(
      expect.objectContaining({ code: "FILE_ERROR" }),
    );
  });

  it.each([
    ["shorter", 7],
    ["longer", 5],
  ])("fails if it is %s than was said", async (_how, size) => {
    await expect(text(fileBody(file(pieces("abc", "def"), size)).body)).rejects.toMatchObject({
      code: "FILE_ERROR",
    });
  });

  it("may be empty", async () => {
    expect(await text(fileBody(file(new Uint8Array(0)), { maxBytes: 0 }).body)).toBe("");
  });
});
