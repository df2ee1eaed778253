import { describe, expect, it } from "vitest";
import type { DialectId } from "../src/core/contract/dialect.js";
import type { TransportRequest } from "../src/core/contract/transport.js";
import { AiLibError } from "../src/core/errors/error.js";
import { CATALOG } from "../src/providers/catalog.generated.js";
import type { ProviderData } from "../src/providers/endpoint/data.js";
import { defineProvider } from "../src/providers/endpoint/define.js";
import { DIALECT_IDS } from "../src/providers/endpoint/dialect-ids.js";
import type { DialectProvider } from "../src/providers/endpoint/provider.js";
import { serverHalves } from "../src/serve/halves.js";

/** Names that lead out of a place which does not encode or refuse them. */
const HOSTILE = [
  "..",
  ".",
  "../../x",
  "models/../../x",
  "models/..",
  "tunedModels/./x",
  "a/../..",
  "..\\..\\x",
  "%2e%2e",
  "%2e%2e/x",
  "x?key=1",
  "x#y",
  "x/y",
  "/x",
  "//evil.test/x",
  "x://../../../admin?api-version=1#",
  "https://evil.test/",
  "@evil.test",
  "x:generateContent",
  "x\r\nhost: evil.test",
  "x y",
  "\ud800",
  "{region}",
  "models/",
  "",
];

const CREDENTIALS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "aws-secret" };

/** A provider that records what it sends; nothing answers. */
function recording(data: ProviderData): { provider: DialectProvider; sent: TransportRequest[] } {
  const sent: TransportRequest[] = [];
  const variables = Object.fromEntries(
    Object.entries(data.variables ?? {}).map(([name, { address }]) => [
      name,
      address === undefined ? `my-${name}` : "https://my-host.example",
    ]),
  );
  const provider = defineProvider(data, {
    ...(data.auth?.style === "none"
      ? {}
      : { apiKey: data.auth?.style === "sigv4" ? CREDENTIALS : "k-0123456789" }),
    variables,
    environment: {},
    transport: {
      open(request, sink) {
        sent.push(request);
        queueMicrotask(() => sink.fail(new AiLibError({ code: "NETWORK_ERROR", message: "no answer" })));
        return { pause() {}, resume() {}, abort: () => undefined };
      },
    },
  });
  return { provider, sent };
}

type Send = (provider: DialectProvider, model: string) => Promise<unknown>;
const hello = { messages: [{ role: "user" as const, content: "Hello" }] };
const SENDS: Readonly<Record<string, Send>> = {
  chat: (provider, model) => provider.chat({ ...hello, model }),
  stream: async (provider, model) => provider.stream({ ...hello, model }).response(),
  embed: (provider, model) => provider.embed({ model, inputs: ["a", "b"] }),
};

/** What a URL consists of, with the places that hold the model left open. */
function shapeOf(url: string, model: string): object {
  const { origin, pathname, search, hash } = new URL(url);
  const open = (text: string) => (text.includes(model) ? text.replace(model, "{model}") : text);
  return { origin, segments: pathname.split("/").map(open), query: search, hash };
}

/** Whether a URL has the same parts as the one for a plain name, whatever stands in the place of the model. */
function fits(url: string, plain: string): boolean {
  const expected = shapeOf(plain, "plain-model") as { segments: string[] };
  const { origin, pathname, search, hash } = new URL(url);
  const segments = pathname.split("/");
  const { origin: plainOrigin, search: plainSearch } = new URL(plain);
  return (
    origin === plainOrigin &&
    search === plainSearch &&
    hash === "" &&
    segments.length === expected.segments.length &&
    expected.segments.every((part, i) => {
      const [before = "", after] = part.split("{model}");
      const segment = segments[i] ?? "";
      // Gemini has two collections of models.
      if (part === "models" && segment === "tunedModels") return true;
      return after === undefined
        ? segment === part
        : segment.startsWith(before) && segment.endsWith(after) && segment.length > part.length - 7;
    })
  );
}

async function staysInPlace(data: ProviderData, send: Send): Promise<string[]> {
  const { provider, sent } = recording(data);
  await expect(send(provider, "plain-model")).rejects.toMatchObject({ code: "NETWORK_ERROR" });
  const plain = sent[0];
  if (plain === undefined) throw new Error("nothing was sent");
  const wrong: string[] = [];
  for (const model of HOSTILE) {
    sent.length = 0;
    const error = await send(provider, model).catch((reason: unknown) => reason as AiLibError);
    const [request] = sent;
    if (request === undefined) {
      expect(error).toMatchObject({ local: true });
      expect(["INVALID_REQUEST", "CONFIG_ERROR"]).toContain((error as AiLibError).code);
      continue;
    }
    if (!fits(request.url, plain.url)) wrong.push(`${JSON.stringify(model)} -> ${request.url}`);
    expect(Object.keys(request.headers)).toEqual(Object.keys(plain.headers));
    for (const value of Object.values(request.headers)) expect(value).not.toMatch(/[\r\n]/);
  }
  return wrong;
}

describe("the name of a model stays in its place", () => {
  const paths = [
    "/openai/deployments/{model}/chat",
    "/x/{model}:rawPredict",
    "/x.{model}",
    "/{model}.",
    undefined,
  ];
  const rows = DIALECT_IDS.flatMap((dialect) => paths.map((path) => ({ dialect, path })));
  it.each(rows)("$dialect, at the path $path", async ({ dialect, path }) => {
    const own = path === undefined ? {} : { path, kinds: { embed: { path } } };
    const data: ProviderData = { id: "labs", dialect, baseUrl: "https://labs.example/base/v1", ...own };
    for (const [kind, send] of Object.entries(SENDS)) {
      if (kind === "embed" && !(await embeds(dialect))) continue;
      expect(await staysInPlace({ ...data, kinds: { embed: {}, ...data.kinds } }, send), kind).toEqual([]);
    }
  });

  it.each(Object.keys(CATALOG))("%s", async (id) => {
    const data = CATALOG[id as keyof typeof CATALOG] as ProviderData;
    const chat = data.chat === false ? [] : ["chat", "stream"];
    // Models of Hugging Face have an owner, which is a segment of its own: see the next test.
    const embeds = data.kinds?.embed !== undefined && id !== "huggingface";
    const kinds = embeds ? [...chat, "embed"] : chat;
    for (const kind of kinds) expect(await staysInPlace(data, SENDS[kind] as Send), kind).toEqual([]);
  });

  it("with an owner, at Hugging Face", async () => {
    const { provider, sent } = recording(CATALOG.huggingface as ProviderData);
    for (const model of ["owner/na?me#x", "owner/..", "../owner", "owner/"])
      await provider.embed({ model, inputs: ["a"] }).catch(() => {});
    expect(sent.map(({ url }) => new URL(url).pathname)).toEqual([
      "/hf-inference/models/owner/na%3Fme%23x/pipeline/feature-extraction",
    ]);
  });
});

async function embeds(dialect: DialectId): Promise<boolean> {
  const { provider } = recording({
    id: "labs",
    dialect,
    baseUrl: "https://labs.example/v1",
    kinds: { embed: {} },
  });
  const error = await provider.embed({ model: "m", inputs: ["a"] }).catch((reason: unknown) => reason);
  return (error as AiLibError).code !== "UNSUPPORTED_FEATURE";
}

describe("a variable of an endpoint stays in its place", () => {
  const data: ProviderData = {
    id: "labs",
    dialect: "openai-chat",
    baseUrl: "https://{region}.labs.example/accounts/{account}/v1",
    path: "/{account}/chat",
    headers: { "x-region": "{region}" },
    query: { account: "{account}" },
    model: "m",
    variables: { region: { env: [], what: "region" }, account: { env: [], what: "account" } },
  };
  const make = (variables: Record<string, string>) =>
    defineProvider(data, { apiKey: "k-0123456789", environment: {}, variables });

  it.each([
    "..",
    ".",
    "a/..",
    "a?b",
    "a#b",
    "://x",
    "https://evil.test/",
    "a\\b",
    "evil.test/",
    "evil.test#",
  ])("%j", async (value) => {
    for (const name of ["region", "account"]) {
      let sent: TransportRequest | undefined;
      try {
        const provider = defineProvider(data, {
          apiKey: "k-0123456789",
          environment: {},
          variables: { region: "eu", account: "acme", [name]: value },
          transport: {
            open(request, sink) {
              sent = request;
              queueMicrotask(() => sink.fail(new AiLibError({ code: "NETWORK_ERROR", message: "no" })));
              return { pause() {}, resume() {}, abort: () => undefined };
            },
          },
        });
        await provider.chat(hello).catch(() => {});
      } catch (error) {
        expect(error).toMatchObject({ code: "CONFIG_ERROR" });
        continue;
      }
      const { host, pathname, hash } = new URL(sent?.url ?? "");
      expect(host).toMatch(/\.labs\.example$/);
      expect(pathname).toMatch(/^\/accounts\/[^/]+\/v1\/[^/]+\/chat$/);
      expect(hash).toBe("");
    }
  });

  it("that holds a line break is refused for a header", () => {
    expect(() => make({ region: "eu\r\nhost: x", account: "a" })).toThrow(
      expect.objectContaining({ code: "CONFIG_ERROR" }),
    );
  });
});

describe("headers of a call", () => {
  const framing = ["host", "Content-Length", "TRANSFER-ENCODING", "connection", "te", "upgrade", "expect"];
  const rows: [name: string, value: string][] = [
    ...framing.map((name): [string, string] => [name, "5"]),
    ["x-a", "b\r\nhost: evil.test"],
    ["x-a", "b\0"],
    ["x-a\r\nhost", "b"],
    ["x a", "b"],
    ["", "b"],
  ];
  const data: ProviderData = {
    id: "labs",
    dialect: "openai-chat",
    baseUrl: "https://labs.example",
    model: "m",
  };

  it.each(rows)("%j: %j is refused and not sent", async (name, value) => {
    const { provider, sent } = recording(data);
    const error = provider.chat(hello, { headers: { [name]: value } });
    await expect(error).rejects.toMatchObject({ code: "INVALID_REQUEST", local: true });
    expect(sent).toEqual([]);
    const make = () => defineProvider(data, { apiKey: "k", environment: {}, headers: { [name]: value } });
    expect(make).toThrow(expect.objectContaining({ code: "CONFIG_ERROR" }));
  });

  it("in capitals replace no header beside themselves", async () => {
    const { provider, sent } = recording(data);
    await provider.chat(hello, { headers: { Authorization: "Bearer other", "X-A": "b" } }).catch(() => {});
    expect(sent[0]?.headers).toMatchObject({ authorization: "Bearer k-0123456789", "x-a": "b" });
    expect(Object.keys(sent[0]?.headers ?? {})).not.toContain("Authorization");
  });
});

describe("an id from an upstream stays within its header", async () => {
  const evil = `req-1\r\nset-cookie: a=b\u0000\u{1f600}${"x".repeat(100_000)}`;
  it.each((await serverHalves()).map((half) => ({ half, id: half.id })))("$id", ({ half }) => {
    const error = new AiLibError({ code: "PROVIDER_ERROR", message: evil, requestId: evil });
    for (const value of Object.values(half.error(error).headers)) {
      expect(value).toMatch(/^[\t\x20-\x7e\xa0-\xff]*$/);
      expect(value.length).toBeLessThan(1_000);
    }
  });
});
