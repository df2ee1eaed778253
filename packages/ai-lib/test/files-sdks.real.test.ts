import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Anthropic, { toFile as anthropicFile } from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import { Mistral } from "@mistralai/mistralai";
import OpenAI, { toFile } from "openai";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { AiClient, ProviderFactory, type StoredFile } from "../src/index.js";
import { type Simulator, startSimulator } from "../src/testing/index.js";

let simulator: Simulator;
let folder: string;
beforeAll(async () => {
  simulator = await startSimulator();
  folder = await mkdtemp(join(tmpdir(), "ai-lib-files-"));
});
afterEach(() => simulator.forget());
afterAll(async () => {
  await simulator.close();
  await rm(folder, { recursive: true });
});

const LINES = '{"custom_id":"1"}\n{"custom_id":"2"}\n';

async function textOf(content: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of content) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

describe("the simulator's files, asked for by the vendors' own clients", () => {
  it("answers OpenAI's: uploads, in parts too, lists by page, content, deletion, errors", async () => {
    const sdk = new OpenAI({ apiKey: "k", baseURL: `${simulator.baseUrl("openai")}/v1`, maxRetries: 0 });
    const expires_after = { anchor: "created_at", seconds: 7200 } as const;
    const file = await sdk.files.create({
      file: await toFile(Buffer.from(LINES), "rows.jsonl"),
      purpose: "batch",
      expires_after,
    });
    expect(file).toMatchObject({ filename: "rows.jsonl", bytes: LINES.length, purpose: "batch" });
    expect((file.expires_at ?? 0) - file.created_at).toBe(7200);
    expect(await (await sdk.files.content(file.id)).text()).toBe(LINES);
    expect(await sdk.files.retrieve(file.id)).toEqual(file);
    const upload = await sdk.uploads.create({
      bytes: 6,
      filename: "a.txt",
      mime_type: "text/plain",
      purpose: "user_data",
    });
    const parts = [];
    for (const text of ["abc", "def"])
      parts.push(
        await sdk.uploads.parts.create(upload.id, { data: await toFile(Buffer.from(text), "part") }),
      );
    const whole = await sdk.uploads.complete(upload.id, { part_ids: parts.map(({ id }) => id) });
    expect(whole).toMatchObject({ status: "completed", file: { bytes: 6, filename: "a.txt" } });
    const ids: string[] = [];
    for await (const { id } of sdk.files.list({ limit: 1 })) ids.push(id);
    expect(ids).toEqual([whole.file?.id, file.id]);
    await expect(sdk.files.content(whole.file?.id ?? "")).rejects.toBeInstanceOf(OpenAI.BadRequestError);
    const second = await sdk.uploads.create({
      bytes: 6,
      filename: "a.txt",
      mime_type: "text/plain",
      purpose: "user_data",
    });
    expect((await sdk.uploads.cancel(second.id)).status).toBe("cancelled");
    expect(await sdk.files.delete(file.id)).toEqual({ object: "file", deleted: true, id: file.id });
    await expect(sdk.files.retrieve(file.id)).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    simulator.script("openai", [{ status: 429, headers: { "retry-after": "1" } }]);
    await expect(sdk.files.list()).rejects.toBeInstanceOf(OpenAI.RateLimitError);
  });

  it("answers Anthropic's", async () => {
    const sdk = new Anthropic({ apiKey: "k", baseURL: simulator.baseUrl("anthropic"), maxRetries: 0 });
    const upload = async (name: string) =>
      sdk.files.upload({
        file: await anthropicFile(Buffer.from("item,value\n"), name, { type: "text/csv" }),
      });
    const [first, second] = [await upload("a.csv"), await upload("b.csv")];
    expect(first).toMatchObject({
      filename: "a.csv",
      mime_type: "text/csv",
      size_bytes: 11,
      downloadable: false,
    });
    expect(await sdk.files.retrieveMetadata(first.id)).toEqual(first);
    const ids: string[] = [];
    for await (const { id } of sdk.files.list({ limit: 1 })) ids.push(id);
    expect(ids).toEqual([second.id, first.id]);
    await expect(sdk.files.download(first.id)).rejects.toBeInstanceOf(Anthropic.BadRequestError);
    const made = simulator.files("anthropic").add({
      id: "file_made",
      filename: "plot.txt",
      mediaType: "text/plain",
      bytes: new TextEncoder().encode("a plot"),
      made: true,
    });
    expect(await (await sdk.files.download(made.id)).text()).toBe("a plot");
    expect(await sdk.files.delete(first.id)).toEqual({ id: first.id, type: "file_deleted" });
    await expect(sdk.files.retrieveMetadata(first.id)).rejects.toBeInstanceOf(Anthropic.NotFoundError);
  });

  it("answers Google's, by the resumable protocol in pieces", async () => {
    const baseUrl = simulator.baseUrl("google");
    const sdk = new GoogleGenAI({ apiKey: "k", httpOptions: { baseUrl } });
    const bytes = new Uint8Array(9 * 1024 * 1024).fill(7);
    const config = { mimeType: "video/mp4", displayName: "clip.mp4" };
    const file = await sdk.files.upload({ file: new Blob([bytes]), config });
    expect(file).toMatchObject({
      displayName: "clip.mp4",
      mimeType: "video/mp4",
      sizeBytes: String(bytes.length),
      state: "ACTIVE",
    });
    expect(await sdk.files.get({ name: file.name ?? "" })).toMatchObject({ uri: file.uri });
    await sdk.files.upload({ file: new Blob(["b"]), config });
    const names: (string | undefined)[] = [];
    for await (const { name } of await sdk.files.list({ config: { pageSize: 1 } })) names.push(name);
    expect([names.length, names[1]]).toEqual([2, file.name]);
    simulator.files("google").add({
      id: "files/made",
      filename: "results.jsonl",
      mediaType: "application/jsonl",
      bytes: new TextEncoder().encode(LINES),
      made: true,
    });
    const downloadPath = join(folder, "results.jsonl");
    await sdk.files.download({ file: "files/made", downloadPath });
    await expect.poll(() => readFile(downloadPath, "utf8").catch(() => "")).toBe(LINES);
    await sdk.files.delete({ name: file.name ?? "" });
    await expect(sdk.files.get({ name: file.name ?? "" })).rejects.toMatchObject({ status: 404 });
  });

  it("answers Mistral's", async () => {
    const serverURL = simulator.baseUrl("mistral", "mistral-chat");
    const sdk = new Mistral({ apiKey: "k", serverURL, retryConfig: { strategy: "none" } });
    const upload = (fileName: string) =>
      sdk.files.upload({
        file: { fileName, content: new TextEncoder().encode(LINES) },
        purpose: "batch",
        expiry: 2,
      });
    const [first] = [await upload("a.jsonl"), await upload("b.jsonl")];
    expect(first).toMatchObject({
      filename: "a.jsonl",
      sizeBytes: LINES.length,
      purpose: "batch",
      numLines: 2,
    });
    const { data, total } = await sdk.files.list({ page: 1, pageSize: 1 });
    expect([data[0]?.id, total]).toEqual([first.id, 2]);
    expect(await sdk.files.retrieve({ fileId: first.id })).toMatchObject({ id: first.id, deleted: false });
    expect(await new Response(await sdk.files.download({ fileId: first.id })).text()).toBe(LINES);
    expect(await sdk.files.delete({ fileId: first.id })).toMatchObject({ id: first.id, deleted: true });
    await expect(sdk.files.retrieve({ fileId: first.id })).rejects.toMatchObject({ statusCode: 404 });
  });
});

describe("client.files, against the simulator", () => {
  it.each([
    ["openai", "/v1", undefined, "batch", true],
    ["xai", "/v1", undefined, "assistants", false],
    ["groq", "/v1", undefined, "batch", true],
    ["anthropic", "", undefined, undefined, false],
    ["mistral", "/v1", "mistral-chat", "batch", true],
    ["google", "/v1beta", undefined, undefined, false],
  ] as const)("%s: a whole life of a file", async (id, path, dialect, purpose, downloadable) => {
    const place = `life-${id}`;
    const baseUrl = `${simulator.baseUrl(place, dialect)}${path}`;
    const client = new AiClient(ProviderFactory.create(id, { apiKey: "k", baseUrl, environment: {} }));
    const source = {
      content: (async function* () {
        for (const line of LINES.split(/(?<=\n)/)) yield new TextEncoder().encode(line);
      })(),
      filename: "rows.jsonl",
      mediaType: "application/jsonl",
    };
    const hours = { google: 48, groq: 720, mistral: undefined }[id as string];
    const expiry = id in { google: 1, groq: 1, mistral: 1 } ? {} : { expiresAfterMs: 7_200_000 };
    const options = { ...(purpose === undefined ? {} : { purpose }), ...expiry };
    const file = await client.files.upload(source, options);
    expect(file).toMatchObject({ provider: id, filename: "rows.jsonl", size: LINES.length });
    const lifetime = (file.expiresAt ?? Number.NaN) - (file.createdAt ?? 0);
    const expected = "expiresAfterMs" in expiry ? 2 : (hours ?? Number.NaN);
    expect(Math.round(lifetime / 3_600_000)).toBe(expected);
    expect(await client.files.get(file)).toEqual(file);
    const all: StoredFile[] = [];
    for await (const one of client.files.list()) all.push(one);
    expect(all).toEqual([file]);
    const read = async () => textOf(await client.files.content(file));
    if (downloadable) expect(await read()).toBe(LINES);
    else await expect(read()).rejects.toMatchObject({ status: 400 });
    await client.files.delete(file);
    await expect(client.files.get(file.id)).rejects.toMatchObject({ status: 404, code: "INVALID_REQUEST" });
  });

  it("uploads the same bytes again once the file was deleted or has expired", async () => {
    const baseUrl = `${simulator.baseUrl("again")}/v1`;
    const client = new AiClient(ProviderFactory.create("openai", { apiKey: "k", baseUrl, environment: {} }));
    const bytes = new TextEncoder().encode("the same");
    const upload = (now?: number) => {
      const clock = now === undefined ? {} : { clock: { now: () => now, after: () => () => {} } };
      return client.uploadFile(bytes, { expiresAfterMs: 7_200_000, ...clock });
    };
    const first = await upload();
    expect((await upload()).id).toBe(first.id);
    await client.files.delete(first);
    const second = await upload();
    expect(second.id).not.toBe(first.id);
    const late = (second.expiresAt ?? 0) - 30_000;
    expect((await upload(late)).id).not.toBe(second.id);
  });
});
