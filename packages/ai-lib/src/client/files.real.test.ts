import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ProviderFactory } from "../providers/factory.js";
import { AiClient } from "./ai-client.js";
import { file, image } from "./content.js";

interface Seen {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const seen: Seen[] = [];
const PNG = new Uint8Array([
  0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52,
]);

const server = createServer((request, response) => {
  const pieces: Buffer[] = [];
  request.on("data", (piece: Buffer) => pieces.push(piece));
  request.on("end", () => {
    seen.push({
      url: request.url ?? "",
      headers: request.headers,
      body: Buffer.concat(pieces).toString("latin1"),
    });
    const { port } = server.address() as AddressInfo;
    if (request.headers["x-goog-upload-command"] === "start")
      response.setHeader("x-goog-upload-url", `http://127.0.0.1:${port}/session?upload_id=1`);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ id: "file-1", file: { name: "files/1", uri: "https://store/files/1" } }));
  });
});
let base: string;
let folder: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = await mkdtemp(join(tmpdir(), "ai-lib-upload-"));
});
beforeEach(() => {
  seen.length = 0;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

const clientOf = (id: string, path: string) =>
  new AiClient(
    ProviderFactory.create(id, { apiKey: "key-of-test", baseUrl: `${base}${path}`, environment: {} }),
  );

describe("uploading a file", () => {
  it.each([
    ["openai", "/v1", "/v1/files", "file-1"],
    ["anthropic", "", "/v1/files", "file-1"],
    ["mistral", "/v1", "/v1/files", "file-1"],
  ])("streams it to the store of %s as a form", async (id, path, url, stored) => {
    const uploaded = await clientOf(id, path).uploadFile(PNG, { name: "dot.png" });
    expect(uploaded).toEqual({ provider: id, id: stored });
    expect(seen).toHaveLength(1);
    expect(seen[0]?.url).toBe(url);
    expect(seen[0]?.body).toContain('filename="dot.png"');
    expect(seen[0]?.body).toContain("content-type: image/png");
    expect(JSON.stringify(seen[0]?.headers)).toContain("key-of-test");
  });

  it("goes to Gemini's store in the two requests of its protocol", async () => {
    const uploaded = await clientOf("google", "/v1beta").uploadFile(PNG, { name: "dot.png" });
    expect(uploaded).toEqual({ provider: "google", id: "files/1", uri: "https://store/files/1" });
    expect(seen.map((one) => one.url)).toEqual(["/upload/v1beta/files", "/session?upload_id=1"]);
    expect(seen[0]?.headers["x-goog-upload-header-content-type"]).toBe("image/png");
    expect(seen[1]?.body.length).toBe(PNG.length);
  });

  it("sends the same bytes once, from any source", async () => {
    const client = clientOf("openai", "/v1");
    const path = join(folder, "dot.png");
    await writeFile(path, PNG);
    const [first, second, third] = [
      await client.uploadFile(PNG),
      await client.uploadFile(new Blob([PNG])),
      await client.uploadFile(path),
    ];
    expect([second, third]).toEqual([first, first]);
    expect(seen).toHaveLength(1);
    await client.uploadFile(new Uint8Array([...PNG, 1]));
    expect(seen).toHaveLength(2);
  });

  it("reports its progress", async () => {
    const told: number[] = [];
    await clientOf("openai", "/v1").uploadFile(new Uint8Array(200_000).fill(65), {
      onProgress: (sent, total) => told.push(sent / (total ?? 1)),
    });
    expect(told.at(-1)).toBe(1);
    expect(told.length).toBeGreaterThan(1);
  });

  it("refuses a file that is larger than the store takes, before it sends a byte", async () => {
    const endless = {
      content: new Uint8Array(0),
      filename: "big.bin",
      mediaType: "application/x-bin",
      size: 9e9,
    };
    const content = (async function* () {})();
    await expect(clientOf("openai", "/v1").uploadFile({ ...endless, content })).rejects.toMatchObject({
      code: "FILE_ERROR",
      message: expect.stringContaining("8589934592"),
    });
    expect(seen).toHaveLength(0);
  });

  it("reports that no provider has a store, and that a file does not exist", async () => {
    await expect(clientOf("groq", "/v1").uploadFile(PNG)).rejects.toMatchObject({
      code: "UNSUPPORTED_FEATURE",
    });
    await expect(clientOf("openai", "/v1").uploadFile(join(folder, "none"))).rejects.toMatchObject({
      code: "FILE_ERROR",
    });
  });
});

describe("parts of a message", () => {
  it("take a URL as it is, and bytes with what they are", async () => {
    expect(await image("https://example.org/a.png")).toEqual({
      type: "image",
      url: "https://example.org/a.png",
    });
    expect(await image(PNG, { detail: "low" })).toMatchObject({ mediaType: "image/png", detail: "low" });
    expect(await file(new TextEncoder().encode("plain words"))).toMatchObject({
      mediaType: "text/plain",
      data: "cGxhaW4gd29yZHM=",
    });
  });

  it("take a path and a stream", async () => {
    const path = join(folder, "note.txt");
    await writeFile(path, "hello");
    expect(await file(path)).toEqual({
      type: "file",
      data: "aGVsbG8=",
      mediaType: "text/plain",
      name: "note.txt",
    });
    const stream = new Blob(["hello"]).stream();
    expect(await file(stream)).toMatchObject({ data: "aGVsbG8=" });
  });

  it("refuse bytes of an unknown type", async () => {
    await expect(file(new Uint8Array([0, 1, 2, 3]))).rejects.toMatchObject({ code: "FILE_ERROR" });
  });
});
