import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { UploadSession } from "../../core/contract/upload.js";
import { ProviderFactory } from "../factory.js";

type Answer = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;

let answer: Answer = () => {};
const seen: string[] = [];
const server = createServer((request, response) => {
  const pieces: Buffer[] = [];
  request.on("data", (piece: Buffer) => pieces.push(piece));
  request.on("error", () => {});
  request.on("end", () => {
    seen.push(`${request.method} ${request.url}`);
    response.setHeader("content-type", "application/json");
    answer(request, response, Buffer.concat(pieces));
  });
});
let base = "";

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  seen.length = 0;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function storeOf(id: string, path = "/v1") {
  const { files } = ProviderFactory.create(id, { apiKey: "key", baseUrl: `${base}${path}`, environment: {} });
  if (files === undefined) throw new Error(`${id} has no store`);
  return files;
}

const json = (response: ServerResponse, body: unknown, status = 200): void => {
  response.writeHead(status);
  response.end(JSON.stringify(body));
};

/** Bytes that are unlike at every place, in steps of odd lengths. */
function bytesOf(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 255);
}

async function* stepsOf(bytes: Uint8Array, step = 77_777): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
}

const JSONL = { filename: "rows.jsonl", mediaType: "application/jsonl" };

/** Google's resumable protocol, which breaks off the request of a piece where it is due. */
function resumable(breaks: number[]) {
  const stored: Buffer[] = [];
  let final = false;
  const received = (): number => stored.reduce((sum, { length }) => sum + length, 0);
  answer = (request, response, body) => {
    const command = request.headers["x-goog-upload-command"];
    if (command === "start") {
      response.setHeader("x-goog-upload-url", `${base}/session?upload_id=1`);
      response.end();
      return;
    }
    response.setHeader("x-goog-upload-status", final ? "final" : "active");
    if (command === "query") {
      response.setHeader("x-goog-upload-size-received", String(received()));
      response.end();
      return;
    }
    if (command === "cancel") {
      response.setHeader("x-goog-upload-status", "cancelled");
      response.end();
      return;
    }
    expect(Number(request.headers["x-goog-upload-offset"])).toBe(received());
    if (breaks.length > 0) {
      // Half of the piece arrived before the connection broke.
      const kept = breaks.shift() ?? 0;
      stored.push(body.subarray(0, kept));
      request.socket.destroy();
      return;
    }
    stored.push(body);
    final = command?.includes("finalize") === true;
    json(response, final ? { file: { name: "files/1", sizeBytes: String(received()) } } : {});
  };
  return () => Buffer.concat(stored);
}

describe("an upload in pieces", () => {
  it("continues from the store's offset when a piece breaks off", async () => {
    const stored = resumable([100_000, 0]);
    const bytes = bytesOf(700_000);
    const sent: number[] = [];
    const file = await storeOf("google", "/v1beta").upload(
      { ...JSONL, content: stepsOf(bytes) },
      { pieceBytes: 300_000, onProgress: (count) => sent.push(count) },
    );
    expect(file).toMatchObject({ id: "files/1", size: 700_000 });
    expect(Buffer.compare(stored(), bytes)).toBe(0);
    expect(sent.at(-1)).toBe(700_000);
  });

  it("continues in another process by its session", async () => {
    const bytes = bytesOf(1_000_000);
    const stored = resumable([]);
    const sessions: UploadSession[] = [];
    const stop = new AbortController();
    const first = storeOf("google", "/v1beta").upload(
      { ...JSONL, content: bytes },
      {
        pieceBytes: 262_144,
        signal: stop.signal,
        onSession: (session) => {
          sessions.push(JSON.parse(JSON.stringify(session)));
          if (session.offset > 500_000) stop.abort();
        },
      },
    );
    await expect(first).rejects.toMatchObject({ code: "CANCELLED" });
    const session = sessions.at(-1) as UploadSession;
    const file = await storeOf("google", "/v1beta").upload(
      { ...JSONL, content: stepsOf(bytes), size: bytes.length },
      { session, pieceBytes: 262_144 },
    );
    expect(file.size).toBe(1_000_000);
    expect(Buffer.compare(stored(), bytes)).toBe(0);
    expect(seen.filter((one) => one.startsWith("POST /upload"))).toHaveLength(1);
  });

  it("sends parts to OpenAI, names them in order, and cancels an upload that cannot continue", async () => {
    const parts: Buffer[] = [];
    let refuse = false;
    answer = (request, response, body) => {
      const upload = { id: "upload_1", status: "pending", bytes: 250_000, purpose: "batch" };
      if (request.url === "/v1/uploads") json(response, upload);
      else if (request.url?.endsWith("/cancel")) json(response, { ...upload, status: "cancelled" });
      else if (request.url?.endsWith("/complete"))
        json(response, {
          ...upload,
          status: "completed",
          file: { id: "file-1", ids: JSON.parse(body.toString()) },
        });
      else if (refuse) json(response, { error: { message: "no" } }, 400);
      else {
        parts.push(body);
        json(response, { id: `part_${parts.length}` });
      }
    };
    const store = storeOf("openai");
    const sessions: UploadSession[] = [];
    const content = bytesOf(250_000);
    const file = await store.upload(
      { ...JSONL, content },
      { pieceBytes: 100_000, purpose: "batch", onSession: (session) => sessions.push(session) },
    );
    expect(file.id).toBe("file-1");
    expect(sessions.at(-1)).toMatchObject({ parts: ["part_1", "part_2", "part_3"], state: "done" });
    refuse = true;
    seen.length = 0;
    await expect(store.upload({ ...JSONL, content }, { pieceBytes: 100_000 })).rejects.toMatchObject({
      status: 400,
    });
    expect(seen.at(-1)).toBe("POST /v1/uploads/upload_1/cancel");
    // One whose session the caller has can still go on.
    seen.length = 0;
    await expect(store.upload({ ...JSONL, content }, { onSession: () => {} })).rejects.toMatchObject({
      status: 400,
    });
    expect(seen.some((one) => one.endsWith("/cancel"))).toBe(false);
  });

  it("completes an upload of which every part is there", async () => {
    answer = (_request, response) =>
      json(response, { id: "upload_1", status: "completed", file: { id: "file-1" } });
    const session = {
      provider: "openai",
      id: "upload_1",
      state: "pending",
      offset: 3,
      size: 3,
      parts: ["p"],
      ...JSONL,
    } as const;
    await storeOf("openai").upload({ ...JSONL, content: new Uint8Array(3) }, { session });
    expect(seen).toEqual(["POST /v1/uploads/upload_1/complete"]);
  });

  it("refuses what cannot be meant", async () => {
    const content = new Uint8Array(4);
    const session = { provider: "openai", id: "u", state: "pending", offset: 0, size: 3, ...JSONL } as const;
    const openai = storeOf("openai");
    await expect(openai.upload({ ...JSONL, content }, { session })).rejects.toMatchObject({
      code: "FILE_ERROR",
    });
    await expect(
      openai.upload({ ...JSONL, content }, { session: { ...session, provider: "google" } }),
    ).rejects.toMatchObject({ code: "CONFIG_ERROR" });
    await expect(openai.upload({ ...JSONL, content }, { expiresAfterMs: 60_000 })).rejects.toMatchObject({
      code: "CONFIG_ERROR",
    });
    const cases = [
      ["anthropic", { purpose: "batch" }],
      ["anthropic", { onSession: () => {} }],
      ["google", { expiresAfterMs: 7_200_000 }],
      ["groq", {}],
      ["groq", { purpose: "batch", expiresAfterMs: 7_200_000 }],
      ["mistral", { expiresAfterMs: 7_200_000 }],
    ] as const;
    for (const [id, options] of cases)
      await expect(storeOf(id).upload({ ...JSONL, content }, options)).rejects.toMatchObject({
        code: "UNSUPPORTED_FEATURE",
        local: true,
      });
    expect(seen).toEqual([]);
  });
});

describe("the content of a file", () => {
  it("is read no faster than it is consumed, and stops when its reader does", async () => {
    let written = 0;
    let closed = false;
    answer = (_request, response) => {
      response.setHeader("content-type", "application/octet-stream");
      response.writeHead(200);
      const block = Buffer.alloc(256 * 1024, 7);
      const write = (): void => {
        while (!closed && written < 400 * block.length) {
          written += block.length;
          if (!response.write(block)) {
            response.once("drain", write);
            return;
          }
        }
        response.end();
      };
      response.once("close", () => {
        closed = true;
      });
      write();
    };
    const content = await storeOf("openai").content("file-1");
    expect(content.mediaType).toBe("application/octet-stream");
    let read = 0;
    for await (const piece of content) {
      read += piece.length;
      await new Promise((resolve) => setTimeout(resolve, 5));
      if (read > 1_000_000) break;
    }
    // What waits: ours, and what the sockets hold.
    expect(written - read).toBeLessThan(32 * 1024 * 1024);
    await expect.poll(() => closed).toBe(true);
  });

  it("fails if the connection breaks, and if the store refuses", async () => {
    answer = (_request, response) => {
      response.writeHead(200, { "content-length": "1000" });
      response.write("begin");
      setTimeout(() => response.destroy(), 20);
    };
    const read = async (): Promise<number> => {
      let length = 0;
      for await (const piece of await storeOf("openai").content("file-1")) length += piece.length;
      return length;
    };
    await expect(read()).rejects.toMatchObject({ code: "NETWORK_ERROR" });
    answer = (_request, response) =>
      json(response, { error: { message: "No such File object: file-1" } }, 404);
    await expect(read()).rejects.toMatchObject({ status: 404, code: "INVALID_REQUEST" });
  });
});

describe("a list of files", () => {
  it.each([
    [
      "openai",
      "/v1",
      "after",
      (n: number) => ({ data: [{ id: `f${n}` }], has_more: n < 2, last_id: `f${n}` }),
    ],
    [
      "xai",
      "/v1",
      "pagination_token",
      (n: number) => ({ data: [{ id: `f${n}` }], pagination_token: n < 2 ? `f${n}` : null }),
    ],
    [
      "anthropic",
      "",
      "after_id",
      (n: number) => ({ data: [{ id: `f${n}` }], has_more: n < 2, last_id: `f${n}` }),
    ],
    [
      "anthropic",
      "",
      "page",
      (n: number) => ({ data: [{ id: `f${n}` }], next_page: n < 2 ? `f${n}` : null }),
    ],
    ["mistral", "/v1", "page", (n: number) => ({ data: [{ id: `f${n}` }], total: 201 })],
    [
      "google",
      "/v1beta",
      "pageToken",
      (n: number) => ({ files: [{ name: `f${n}` }], ...(n < 2 ? { nextPageToken: `f${n}` } : {}) }),
    ],
    ["together", "/v1", "none", (n: number) => ({ data: [{ id: `f${n}` }, { id: "f1" }, { id: "f2" }] })],
  ])("of %s (%s) continues by %s", async (id, path, field, page) => {
    let count = 0;
    const cursors: (string | null)[] = [];
    answer = (request, response) => {
      cursors.push(new URL(request.url ?? "", base).searchParams.get(field));
      json(response, page(count++));
    };
    const ids: string[] = [];
    for await (const file of storeOf(id, path).list()) ids.push(file.id);
    expect(ids).toEqual(["f0", "f1", "f2"]);
    if (id === "mistral") expect(cursors).toEqual(["0", "1", "2"]);
    else if (id !== "together") expect(cursors).toEqual([null, "f0", "f1"]);
  });

  it("does not continue for ever if a server says so", async () => {
    answer = (_request, response) => json(response, { data: [{ id: "f1" }], has_more: true, last_id: "f1" });
    const ids: string[] = [];
    for await (const file of storeOf("openai").list()) ids.push(file.id);
    expect(ids).toEqual(["f1", "f1"]);
  });
});
