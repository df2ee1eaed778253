import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readForm, textOfPart } from "../../src/dialects/shared/common/multipart-reader.js";
import {
  AiClient,
  AiLibError,
  ProviderFactory,
  type StoredFile,
  type UploadSession,
} from "../../src/index.js";
import { bodyOf, hasRecordings, type KindCase, kindCases } from "../support/kind-recordings.js";

/** The provider of each API, and the path below which it is served. */
const PROVIDERS: Readonly<Record<string, readonly [id: string, base: string]>> = {
  "openai-files": ["openai", "/v1"],
  "openai-uploads": ["openai", "/v1"],
  "anthropic-files": ["anthropic", ""],
  "gemini-files": ["google", "/v1beta"],
  "mistral-files": ["mistral", "/v1"],
  "xai-files": ["xai", "/v1"],
};

const GOOGLE = "https://generativelanguage.googleapis.com";

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly contentType: string | undefined;
  readonly body: Uint8Array;
}

/** Recorded exchanges that are answered one after the other, and what was asked. */
let queue: KindCase[] = [];
let seen: Seen[] = [];
let base = "";

const server = createServer((request, response) => {
  const pieces: Buffer[] = [];
  request.on("data", (piece: Buffer) => pieces.push(piece));
  request.on("end", () => {
    const path = (request.url ?? "").split("?", 1)[0] ?? "";
    seen.push({
      method: request.method ?? "",
      path,
      contentType: request.headers["content-type"],
      body: new Uint8Array(Buffer.concat(pieces)),
    });
    const next = queue.shift();
    if (next === undefined) {
      response.writeHead(404, { "content-type": "application/json" });
      response.end('{"error":{"message":"No such recording"}}');
      return;
    }
    const { status, headers } = next.recording.response;
    response.setHeader("content-type", headers["content-type"] ?? "application/json");
    const upload = headers["x-goog-upload-url"];
    // The address is on the vendor's host, and this one stands for it.
    if (upload !== undefined) response.setHeader("x-goog-upload-url", upload.replace(GOOGLE, base));
    response.writeHead(status);
    response.end(bodyOf(next.recording));
  });
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function clientOf(api: string): AiClient {
  const [id, path] = PROVIDERS[api] ?? ["", ""];
  return new AiClient(
    ProviderFactory.create(id, { apiKey: "key", baseUrl: `${base}${path}`, environment: {} }),
  );
}

/** Exchanges in the order in which they are replayed: each conversation as one list, every other one alone. */
function conversations(): (readonly [string, readonly KindCase[]])[] {
  const all = Object.keys(PROVIDERS).flatMap((api) => kindCases(api));
  const groups = new Map<string, KindCase[]>();
  for (const each of all) {
    const key = each.recording.session ?? each.recording.id;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups].map(([key, cases]) => [
    key,
    cases.toSorted((a, b) => (a.recording.sessionIndex ?? 0) - (b.recording.sessionIndex ?? 0)),
  ]);
}

const lastSegment = (path: string, back = 1): string => path.split("/").at(-back) ?? "";

function asserted(expected: KindCase["expected"], field: string): boolean {
  return expected[field] !== null && expected[field] !== undefined;
}

function timeOf(value: unknown): number {
  return typeof value === "number" ? value * 1000 : Date.parse(String(value));
}

function checkFile({ expected }: KindCase, file: StoredFile): void {
  expect(file.id).toBe(expected["fileId"]);
  const fields = { uri: "uri", bytes: "size", filename: "filename", mediaType: "mediaType" } as const;
  for (const [name, ours] of Object.entries({ ...fields, purpose: "purpose", state: "state" } as const))
    if (asserted(expected, name)) expect([name, file[ours]]).toEqual([name, expected[name]]);
  if (asserted(expected, "expires")) expect(file.expiresAt).toBe(timeOf(expected["expires"]));
}

function checkSession({ expected }: KindCase, session: UploadSession | undefined): void {
  if (session === undefined) throw new Error("No session was reported");
  const { id, size, purpose, state, expiresAt } = session;
  expect({ id, size, purpose, state, expiresAt }).toEqual({
    id: expected["uploadId"],
    size: expected["bytes"],
    purpose: expected["purpose"],
    state: expected["state"],
    expiresAt: timeOf(expected["expires"]),
  });
}

function checkError({ expected }: KindCase, error: unknown): void {
  if (!AiLibError.is(error)) throw error;
  expect([expected.outcome, error.message]).toEqual(["error", error.message]);
  expect(error.status).toBe(expected.error?.status);
  expect(expected.error?.classes ?? [expected.error?.class]).toContain(error.code);
}

/** What was uploaded when an exchange was recorded, as far as that is known. */
function fileOf({ recording: { request }, expected }: KindCase) {
  const part = request?.multipart?.find(({ filename }) => filename !== undefined);
  const known = part?.text === undefined ? undefined : new TextEncoder().encode(part.text);
  return {
    content: known ?? new Uint8Array(part?.bytes ?? Number(expected["bytes"] ?? 8)),
    filename: part?.filename ?? String(expected["filename"] ?? "file.bin"),
    mediaType: part?.contentType ?? "application/octet-stream",
  };
}

/** The form has the fields and the file that the recorded one had. */
function checkForm({ recording: { request } }: KindCase, sent: Seen): void {
  if (request?.multipart === undefined) return;
  const parts = readForm(sent.contentType, sent.body);
  for (const { name, value, filename, contentType, bytes } of request.multipart) {
    const part = parts.find((one) => one.name === name);
    if (part === undefined) throw new Error(`The form has no ${name}`);
    if (value !== undefined) expect([name, textOfPart(part)]).toEqual([name, value]);
    if (filename !== undefined) expect(part.filename).toBe(filename);
    if (contentType !== undefined) expect(part.mediaType).toBe(contentType);
    if (bytes !== undefined) expect(part.bytes).toHaveLength(bytes);
  }
}

async function uploaded(each: KindCase, client: AiClient): Promise<void> {
  const purpose = each.recording.request?.multipart?.find(({ name }) => name === "purpose")?.value;
  try {
    checkFile(each, await client.files.upload(fileOf(each), purpose === undefined ? {} : { purpose }));
  } catch (error) {
    checkError(each, error);
  }
}

/** An upload in parts: every exchange of it is one request of a single `upload`. */
async function inParts(cases: readonly KindCase[], client: AiClient): Promise<void> {
  const [first, ...others] = cases as [KindCase, ...KindCase[]];
  const sessions: UploadSession[] = [];
  const { bytes, purpose } = first.expected;
  const upload = client.files.upload(
    { content: new Uint8Array(Number(bytes)), filename: "a.jsonl", mediaType: "text/jsonl" },
    { purpose: String(purpose), onSession: (session) => sessions.push(session) },
  );
  if (others.length === 0) {
    // Nothing more was recorded; what follows fails.
    await expect(upload).rejects.toMatchObject({ status: 404 });
    checkSession(first, sessions[0]);
    return;
  }
  const file = await upload;
  expect(sessions.map(({ state }) => state)).toEqual(["pending", "pending", "done"]);
  checkSession(first, sessions[0]);
  const [part, completed] = others as [KindCase, KindCase];
  expect(sessions[1]).toMatchObject({ id: part.expected["uploadId"], parts: [part.expected["partId"]] });
  checkSession(completed, sessions[2]);
  expect(file.id).toBe(completed.expected["fileId"]);
}

async function ended(each: KindCase, client: AiClient): Promise<void> {
  const session = {
    provider: "openai",
    id: String(each.expected["uploadId"]),
    state: "pending",
    filename: "a",
    mediaType: "text/plain",
    offset: 0,
  } as const;
  checkSession(each, await client.files.cancelUpload(session));
}

async function resumable(cases: readonly KindCase[], client: AiClient): Promise<void> {
  const [start, end] = cases as [KindCase, KindCase];
  const sessions: UploadSession[] = [];
  const file = await client.files.upload(fileOf(end), { onSession: (session) => sessions.push(session) });
  expect(sessions[0]?.url?.replace(base, GOOGLE)).toBe(start.expected["uploadUrl"]);
  checkFile(end, file);
}

async function listed({ expected }: KindCase, client: AiClient): Promise<void> {
  const files: StoredFile[] = [];
  for await (const file of client.files.list()) files.push(file);
  expect([files.length, files[0]?.id, files.at(-1)?.id]).toEqual([
    expected["count"],
    expected["firstId"],
    expected["lastId"],
  ]);
}

/** Replays one exchange by what it asks for. */
async function replay(each: KindCase, client: AiClient): Promise<void> {
  const { method = "POST", path = "" } = each.recording.request ?? {};
  if (path.endsWith("/cancel")) return ended(each, client);
  if (method === "POST") return uploaded(each, client);
  if (method === "DELETE") {
    expect(each.expected["fileId"]).toBe(lastSegment(path));
    return client.files.delete(lastSegment(path));
  }
  if (path.endsWith("/files")) return listed(each, client);
  try {
    if (path.endsWith("/content")) {
      for await (const _ of await client.files.content(lastSegment(path, 2))) break;
      expect(each.expected.outcome).toBe("response");
    } else checkFile(each, await client.files.get(lastSegment(path)));
  } catch (error) {
    checkError(each, error);
  }
}

const all = conversations();

describe("recorded files", () => {
  it("are there where recordings are", () => {
    const count = all.reduce((sum, [, cases]) => sum + cases.length, 0);
    expect(count).toBe(hasRecordings ? 49 : 0);
  });

  it.each(all)("%s", async (_, cases) => {
    queue = [...cases];
    seen = [];
    const [first] = cases as [KindCase];
    const { api, request } = first.recording;
    const client = clientOf(api);
    if (api === "openai-uploads" && !request?.path.endsWith("/cancel")) await inParts(cases, client);
    else if (api === "gemini-files") await resumable(cases, client);
    else for (const each of cases) await replay(each, client);
    expect(queue).toEqual([]);
    cases.forEach((each, i) => {
      const sent = seen[i];
      if (sent === undefined || each.recording.request === null) throw new Error("Not sent");
      expect([sent.method, sent.path]).toEqual([each.recording.request.method, each.recording.request.path]);
      checkForm(each, sent);
    });
  });
});
