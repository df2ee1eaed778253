import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import {
  AiClient,
  AiClientBuilder,
  AiLibError,
  type ChatProvider,
  type ChatRequest,
  CustomProviderBuilder,
  defineProvider,
  type ErrorCode,
  factoryOf,
  failover,
  type ProviderData,
  ProviderFactory,
  type ProviderOptions,
  provider,
} from "../src/index.js";
import { crc32 } from "../src/wire/crc32.js";
import { type Loopback, serveHttp, serveHttps, serveTcp } from "./support/loopback.js";

const KEY = "sk-t3st/kEy+0123456789=";
const USER = { role: "user", content: "Hello" } as const;

/** The error of a thunk, thrown or rejected. */
async function errorOf(run: () => unknown): Promise<AiLibError> {
  try {
    await run();
  } catch (error) {
    if (AiLibError.is(error)) return error;
    throw new Error(`no error of the library came, but ${inspect(error)}`);
  }
  throw new Error("nothing was refused");
}

/** Everything that a log, a crash report or another process could show of an error. */
function everythingOf(error: AiLibError): string {
  return [
    error.message,
    error.stack ?? "",
    JSON.stringify(error),
    inspect(error, { depth: 12, showHidden: true, maxStringLength: null }),
    ...(error.cause instanceof Error ? [String(error.cause), inspect(error.cause, { depth: 12 })] : []),
  ].join("\n");
}

/** Classified, advising, and without the key in any form in which it could have been sent or quoted. */
function expectSafe(error: AiLibError, code: ErrorCode, says: RegExp, local: boolean): void {
  expect(error.message).toMatch(says);
  expect(error).toMatchObject({ code, local });
  const shown = everythingOf(error);
  for (const form of [KEY, encodeURIComponent(KEY), Buffer.from(KEY).toString("base64")])
    expect(shown).not.toContain(form);
}

/** A call is refused alike whether the answer is wanted whole or as a stream. */
const MODES = ["unary", "stream"] as const;
function ask(asked: ChatProvider, mode: (typeof MODES)[number], request: ChatRequest): Promise<unknown> {
  return mode === "unary" ? asked.chat(request) : asked.stream(request).response();
}

const labs: ProviderData = {
  id: "labs",
  dialect: "openai-chat",
  baseUrl: "https://labs.invalid/v1",
  model: "m-1",
};

describe("bad settings", () => {
  const environment = {};
  const cases: readonly [what: string, run: () => unknown, says: RegExp][] = [
    [
      "an unknown provider names the nearest",
      () => ProviderFactory.create("antropic"),
      /no provider "antropic"; did you mean "anthropic"/,
    ],
    [
      "an unknown provider near to none names all",
      () => ProviderFactory.create("zzzzzzzzzz"),
      /known are: .*groq.*openai/,
    ],
    ["an empty provider id", () => ProviderFactory.create(""), /was empty/],
    [
      "a provider and a model in one",
      () => ProviderFactory.create("groq/llama"),
      /use provider\("groq\/llama"\)/,
    ],
    [
      "an unknown provider in a spec",
      () => provider("grok/x", { environment }),
      /no provider "grok"; did you mean .*"groq"/,
    ],
    [
      "an unknown provider in a builder",
      () => new AiClientBuilder("opnai").withApiKey(KEY).build(),
      /did you mean "openai"/,
    ],
    [
      "an unknown provider in a chain",
      () =>
        new AiClientBuilder("openai")
          .withApiKey(KEY)
          .withEnvironment({})
          .withFailoverChain(["mistrl"])
          .build(),
      /did you mean "mistral"/,
    ],
    [
      "a missing key names its variable",
      () => ProviderFactory.create("groq", { environment }),
      /No key for "groq": set GROQ_API_KEY, or pass apiKey/,
    ],
    [
      "a missing key names every variable that may hold it",
      () => ProviderFactory.create("google", { environment }),
      /GOOGLE_API_KEY or GEMINI_API_KEY/,
    ],
    [
      "missing AWS credentials",
      () => ProviderFactory.create("bedrock", { environment: { AWS_REGION: "eu-west-1" } }),
      /AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY/,
    ],
    [
      "a key that is white space counts as missing",
      () => ProviderFactory.create("groq", { environment: { GROQ_API_KEY: "  " } }),
      /set GROQ_API_KEY/,
    ],
    ["a missing key of an own provider", () => defineProvider(labs, { environment }), /set LABS_API_KEY/],
    [
      "a missing variable of an endpoint",
      () => ProviderFactory.create("azure-openai", { apiKey: KEY, environment }),
      /AZURE/,
    ],
    [
      "a base URL that is none",
      () => ProviderFactory.create("openai", { apiKey: KEY, baseUrl: "localhost:80 80/v1", environment }),
      /base URL of "openai".*https:\/\//,
    ],
    [
      "a base URL without a scheme",
      () => ProviderFactory.create("openai", { apiKey: KEY, baseUrl: "llm.example/v1", environment }),
      /must look like https:\/\/host\/path/,
    ],
    [
      "a base URL of another scheme",
      () => ProviderFactory.create("openai", { apiKey: KEY, baseUrl: "ftp://llm.example", environment }),
      /must begin with https:\/\/ or http:\/\/, not ftp:/,
    ],
    [
      "an empty base URL",
      () => ProviderFactory.create("openai", { apiKey: KEY, baseUrl: "", environment }),
      /baseUrl must be a URL such as/,
    ],
    [
      "a base URL with a key in it",
      () =>
        ProviderFactory.create("openai", {
          apiKey: "k-1234",
          baseUrl: `https://user:${encodeURIComponent(KEY)}@llm.example`,
          environment,
        }),
      /contains credentials; pass them as apiKey/,
    ],
    [
      "a base URL with a query",
      () =>
        ProviderFactory.create("openai", {
          apiKey: "k-1234",
          baseUrl: `https://llm.example/v1?key=${encodeURIComponent(KEY)}`,
          environment,
        }),
      /pass query parameters as query/,
    ],
    [
      "a base URL from the environment",
      () => ProviderFactory.create("groq", { apiKey: KEY, environment: { GROQ_BASE_URL: "nonsense" } }),
      /base URL of "groq" is malformed/,
    ],
    [
      "an unknown option of a provider",
      () =>
        ProviderFactory.create("openai", { apiKey: KEY, baseURL: "https://x.example" } as ProviderOptions),
      /Unknown option of the provider "openai" "baseURL"; known are: .*baseUrl/,
    ],
    [
      "an unknown field of a provider",
      () => defineProvider({ ...labs, url: "https://x.example" } as ProviderData, { apiKey: KEY }),
      /Unknown field of a provider "url"; known are: .*baseUrl/,
    ],
    [
      "an unknown quirk",
      () => defineProvider({ ...labs, quirks: { noSuchQuirk: true } as object }, { apiKey: KEY }),
      /noSuchQuirk/,
    ],
    [
      "an unknown dialect",
      () => defineProvider({ ...labs, dialect: "openai" as never }, { apiKey: KEY }),
      /dialect must be one of .*openai-chat/,
    ],
    [
      "a custom provider without a base URL",
      () => new CustomProviderBuilder("mine").withApiKey(KEY).buildProvider(),
      /"mine".*base URL|baseUrl|withBaseUrl/i,
    ],
    [
      "an own provider whose id no variable can have",
      () => factoryOf([{ ...labs, id: "My Labs" }]).create("My Labs", { apiKey: KEY }),
      /id must be lower case letters/,
    ],
    [
      "an unknown default of a client",
      () => new AiClient(defineProvider(labs, { apiKey: KEY }), { retries: 3 } as never),
      /Unknown client default "retries"/,
    ],
    ["a client without a provider", () => new AiClientBuilder().build(), /has no provider: name one/],
    ["an empty chain", () => failover([]), /at least one/],
    [
      "a header with a line break",
      () => defineProvider(labs, { apiKey: KEY, headers: { "x-a": "1\r\nauthorization: x" } }),
      /header "x-a" contains a line break/,
    ],
    [
      "a key with a line break",
      () => defineProvider(labs, { apiKey: `${KEY}\nx` }).chat({ messages: [USER] }),
      /key.*(line break|control|character)/i,
    ],
  ];

  it.each(cases)("%s", async (_what, run, says) => {
    expectSafe(await errorOf(run), "CONFIG_ERROR", says, true);
  });
});

describe("bad call options", () => {
  const client = new AiClient(defineProvider(labs, { apiKey: KEY }));
  const cases: readonly [options: object, says: RegExp][] = [
    [{ timeout: 5 }, /Unknown call option "timeout"; known are: .*timeouts/],
    [{ timeouts: { total: 5 } }, /Unknown timeout "total"; known are: .*totalMs/],
    [{ timeouts: { totalMs: -1 } }, /timeouts\.totalMs must be 0 or more/],
    [{ timeouts: { idleMs: Number.NaN } }, /timeouts\.idleMs must be 0 or more/],
    [{ maxAttempts: 0 }, /maxAttempts must be 1 or more/],
  ];
  it.each(cases)("%j", async (options, says) => {
    expectSafe(await errorOf(() => client.chat("Hello", options)), "CONFIG_ERROR", says, true);
    expectSafe(await errorOf(() => client.stream("Hello", options).response()), "CONFIG_ERROR", says, true);
    const [item] = await client.batch(["Hello"], options).catch((error: AiLibError) => [{ error }]);
    expectSafe(item?.error as AiLibError, "CONFIG_ERROR", says, true);
  });
});

describe("a bad request is refused before anything is sent", () => {
  const call = { type: "tool-call", id: "c1", name: "f", arguments: {} };
  const result = { type: "tool-result", id: "c1", content: "found" };
  const tool = (parameters: unknown) => ({ type: "function", name: "f", parameters });
  const object = { type: "object", properties: {} };
  const cases: readonly [what: string, request: unknown, says: RegExp][] = [
    ["no request", undefined, /an object with `messages`/],
    ["no messages", {}, /`messages` is empty/],
    ["empty messages", { messages: [] }, /needs at least one user message/],
    ["messages that are no list", { messages: "Hello" }, /`messages`/],
    ["a message that is none", { messages: [null] }, /`messages\.0/],
    ["an unknown role", { messages: [{ role: "developer", content: "x" }] }, /`messages\.0\.role`.*system/],
    ["a message without content", { messages: [{ role: "user" }] }, /`messages\.0\.content`/],
    ["a part that is none", { messages: [{ role: "user", content: [null] }] }, /`messages\.0\.content\.0`/],
    ["a part that is a text", { messages: [{ role: "user", content: ["Hi"] }] }, /`messages\.0\.content\.0`/],
    [
      "an unknown part",
      { messages: [{ role: "user", content: [{ type: "image_url", url: "https://a.example" }] }] },
      /`messages\.0\.content\.0`.*image_url.*image/,
    ],
    [
      "a text part without text",
      { messages: [{ role: "user", content: [{ type: "text" }] }] },
      /`messages\.0\.content\.0\.text`.*must be a text/,
    ],
    [
      "nothing but system messages",
      { messages: [{ role: "system", content: "Be brief" }] },
      /add a user message/,
    ],
    [
      "a tool result without its call",
      { messages: [USER, { role: "tool", content: [result] }] },
      /result of the tool call "c1", which no earlier message made; append response\.message/,
    ],
    [
      "a tool result before its call",
      {
        messages: [USER, { role: "tool", content: [result] }, { role: "assistant", content: [call] }],
      },
      /which no earlier message made/,
    ],
    [
      "a tool message that is a text",
      { messages: [USER, { role: "assistant", content: [call] }, { role: "tool", content: "found" }] },
      /use toolResult\(call, value\)/,
    ],
    [
      "a tool call within a user message",
      { messages: [{ role: "user", content: [call] }] },
      /`messages\.0\.content\.0`.*tool-call.*user/,
    ],
    [
      "a picture in a system message",
      { messages: [{ role: "system", content: [{ type: "image", url: "https://a.example/a.png" }] }, USER] },
      /`messages\.0\.content\.0`.*image.*system/,
    ],
    [
      "text in a tool message",
      {
        messages: [
          USER,
          { role: "assistant", content: [call] },
          { role: "tool", content: [{ type: "text", text: "found" }] },
        ],
      },
      /`messages\.2\.content\.0`.*text.*tool/,
    ],
    [
      "a picture from nowhere",
      { messages: [{ role: "user", content: [{ type: "image" }] }] },
      /exactly one of url, data and uploaded/,
    ],
    [
      "bytes without a media type",
      { messages: [{ role: "user", content: [{ type: "image", data: "aGk=" }] }] },
      /no mediaType, such as/,
    ],
    ["several answers", { messages: [USER], n: 2 }, /"n": one request has one answer; use `batch`/],
    ["several candidates", { messages: [USER], candidateCount: 2 }, /use `batch`/],
    [
      "an unknown field",
      { messages: [USER], max_tokens: 5 },
      /Unknown request field "max_tokens": use `maxTokens`/,
    ],
    ["a negative limit", { messages: [USER], maxTokens: -1 }, /`maxTokens` must be a number of 0 or more/],
    ["a limit that is a text", { messages: [USER], maxTokens: "5" }, /`maxTokens` must be a number/],
    ["tools that are no list", { messages: [USER], tools: {} }, /`tools` must be a list/],
    ["a tool that is none", { messages: [USER], tools: [null] }, /`tools\.0`/],
    [
      "an unknown kind of tool",
      { messages: [USER], tools: [{ type: "web_search" }] },
      /`tools\.0\.type`.*function/,
    ],
    ["a tool without a name", { messages: [USER], tools: [{ type: "function" }] }, /`tools\.0\.name`/],
    [
      "a tool without a schema",
      { messages: [USER], tools: [tool(undefined)] },
      /JSON Schema whose root is an object/,
    ],
    [
      "a tool schema that is a text",
      { messages: [USER], tools: [tool("{}")] },
      /`tools\.0\.parameters` of "f"/,
    ],
    [
      "a tool schema that is a list",
      { messages: [USER], tools: [tool([])] },
      /JSON Schema whose root is an object/,
    ],
    [
      "a tool schema of a text",
      { messages: [USER], tools: [tool({ type: "string" })] },
      /whose root is an object/,
    ],
    ["two tools of one name", { messages: [USER], tools: [tool(object), tool(object)] }, /there twice/],
    [
      "a provider's tool without a family",
      { messages: [USER], tools: [{ type: "provider", id: "web_search" }] },
      /`tools\.0\.id`.*openai\/web_search/,
    ],
    ["a choice of no tool", { messages: [USER], toolChoice: { name: "g" } }, /no tool of the request/],
    ["a forced choice of none", { messages: [USER], toolChoice: "required" }, /has no tools/],
    [
      "an unknown choice",
      { messages: [USER], tools: [tool(object)], toolChoice: "any" },
      /`toolChoice`.*required/,
    ],
    [
      "an unknown response format",
      { messages: [USER], responseFormat: { type: "json_schema" } },
      /`responseFormat\.type`.*json-schema/,
    ],
    [
      "a response schema that is none",
      { messages: [USER], responseFormat: { type: "json-schema", schema: "{}" } },
      /`responseFormat\.schema`/,
    ],
    ["a stop that is a text", { messages: [USER], stop: "END" }, /`stop` must be a list of texts/],
    [
      "extensions that are no object",
      { messages: [USER], extensions: { openai: 1 } },
      /`extensions\.openai` must be an object/,
    ],
  ];

  const endpoints = {
    labs: defineProvider(labs, { apiKey: KEY }),
    more: defineProvider({ ...labs, id: "more" }, { apiKey: KEY }),
  };
  const asked = {
    "a provider": endpoints.labs,
    "a client over failover": new AiClient(failover([endpoints.labs, endpoints.more])),
  };
  describe.each(Object.entries(asked))("by %s", (_name, one) => {
    it.each(cases)("%s", async (_what, request, says) => {
      for (const mode of MODES)
        expectSafe(
          await errorOf(() => ask(one, mode, request as ChatRequest)),
          "INVALID_REQUEST",
          says,
          true,
        );
    });
  });
});

/** One endpoint of each dialect at a server, the key where that dialect has it. */
const DIALECTS = {
  "openai-chat": "openai",
  "openai-responses": "openai-responses",
  "anthropic-messages": "anthropic",
  gemini: "google",
  "mistral-chat": "mistral",
  "cohere-chat": "cohere",
  "bedrock-converse": "bedrock",
  "ollama-chat": "ollama",
} as const;
const REQUEST: ChatRequest = { model: "m-1", messages: [USER] };

function at(server: Pick<Loopback, "url">, id: string): ChatProvider {
  return ProviderFactory.create(id, {
    apiKey: KEY,
    baseUrl: server.url,
    environment: { AWS_REGION: "eu-west-1" },
  });
}

const each = Object.entries(DIALECTS).flatMap(([dialect, id]) =>
  MODES.map((mode) => ({ dialect, id, mode })),
);

describe.each(each)("$dialect, $mode: an invalid reply", ({ id, mode }) => {
  /** Every header and query that carried the key, quoted back as a careless server would. */
  const PAGE = `<!doctype html><html><title>Sign in</title><body>key=${KEY} ${encodeURIComponent(KEY)}</body></html>`;

  it.each([
    ["HTML", 200, "text/html", PAGE],
    ["HTML that calls itself JSON", 200, "application/json", PAGE],
    ["HTML that calls itself a stream", 200, "text/event-stream", PAGE],
    ["an empty body", 200, "application/json", ""],
    ["an empty stream", 200, "text/event-stream", ""],
    ["no body at all", 204, "application/json", ""],
    ["null", 200, "application/json", "null"],
    ["a number", 200, "application/json", "5"],
    ["cut JSON", 200, "application/json", '{"id": "x", "choices'],
    ["an empty object", 200, "application/json", "{}"],
  ])("%s", async (_what, status, type, body) => {
    const server = await serveHttp((_request, response) => {
      response.writeHead(status, { "content-type": type }).end(body);
    });
    const error = await errorOf(() => ask(at(server, id), mode, REQUEST));
    expect(["INVALID_RESPONSE", "STREAM_TRUNCATED"]).toContain(error.code);
    expectSafe(error, error.code, /./, false);
    expect(error.target).toMatchObject({ provider: id });
    expect(error.committed).toBe(false);
    if (body === PAGE) expect(error.message).toMatch(/HTML|base URL/);
  });

  it("an HTML page of an overloaded proxy keeps its status", async () => {
    const server = await serveHttp((_request, response) => {
      response.writeHead(503, { "content-type": "text/html" }).end(PAGE);
    });
    const error = await errorOf(() => ask(at(server, id), mode, REQUEST));
    expectSafe(error, "OVERLOADED", /503/, false);
    expect(error.status).toBe(503);
  });

  it("a redirect, on which the key is not sent", async () => {
    let followed = 0;
    const elsewhere = await serveHttp((_request, response) => {
      followed++;
      response.end("{}");
    });
    for (const status of [301, 302, 303, 307, 308]) {
      const server = await serveHttp((request, response) => {
        // As a server does that only changes the host: the query comes along, with a key where it holds one.
        const location = `${elsewhere.url}${request.url}${request.url?.includes("?") ? "&" : "?"}k=${encodeURIComponent(KEY)}`;
        response.writeHead(status, { location, "x-request-id": KEY }).end();
      });
      const error = await errorOf(() => ask(at(server, id), mode, REQUEST));
      expectSafe(
        error,
        "INVALID_RESPONSE",
        /redirect to http:\/\/127\.0\.0\.1:\d+.*set the base URL to the final address/,
        false,
      );
      expect(error.status).toBe(status);
    }
    expect(followed).toBe(0);
    expect(elsewhere.accepted()).toBe(0);
  });
});

describe("a frame of 20 MB and on, over a real socket", () => {
  const SIZE = 20 * 1024 * 1024;
  /** More than what is read and what the sockets' buffers hold besides. */
  const END = 3 * SIZE;
  const prelude = Buffer.alloc(12);
  prelude.writeUInt32BE(SIZE, 0);
  prelude.writeUInt32BE(crc32(prelude, 0, 8), 8);
  const cases: readonly [id: string, type: string, head: string | Buffer][] = [
    ["openai", "text/event-stream", 'data: {"choices":[{"delta":{"content":"'],
    ["anthropic", "text/event-stream", 'event: content_block_delta\ndata: {"text":"'],
    ["google", "application/json", '[{"text":"'],
    ["ollama", "application/x-ndjson", '{"message":{"content":"'],
    ["bedrock", "application/vnd.amazon.eventstream", prelude],
  ];
  it.each(cases)("%s: it is refused, and the connection closed", async (id, type, head) => {
    let sent = 0;
    const server = await serveHttp((_request, response) => {
      response.writeHead(200, { "content-type": type });
      response.write(head);
      const piece = Buffer.alloc(64 * 1024, "a");
      const more = () => {
        while (sent < END && !response.destroyed) {
          sent += piece.length;
          if (!response.write(piece)) {
            response.once("drain", more);
            return;
          }
        }
        response.end();
      };
      more();
    });
    const error = await errorOf(() => at(server, id).stream(REQUEST).response());
    expectSafe(error, "INVALID_RESPONSE", /frame/, false);
    await server.idle();
    expect(sent).toBeLessThan(END);
  });

  it("a whole body without an end is refused too", async () => {
    const server = await serveHttp((_request, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const piece = Buffer.alloc(1024 * 1024, " ");
      const more = (): void => {
        while (!response.destroyed)
          if (!response.write(piece)) {
            response.once("drain", more);
            return;
          }
      };
      more();
    });
    const error = await errorOf(() => at(server, "openai").chat(REQUEST));
    expectSafe(error, "INVALID_RESPONSE", /more than \d+ bytes/, false);
    await server.idle();
  });
});

describe.each(MODES)("a failure below HTTP, %s", (mode) => {
  it("an unsigned certificate", async () => {
    let heard = 0;
    const server = await serveHttps((_request, response) => {
      heard++;
      response.end("{}");
    });
    const error = await errorOf(() => ask(at(server, "openai"), mode, REQUEST));
    expectSafe(error, "NETWORK_ERROR", /certificate.*NODE_EXTRA_CA_CERTS/, false);
    expect(heard).toBe(0);
  });

  it("TLS asked of a server that speaks none", async () => {
    const server = await serveHttp((_request, response) => {
      response.end("{}");
    });
    const asked = at({ url: server.url.replace("http:", "https:") }, "openai");
    expectSafe(
      await errorOf(() => ask(asked, mode, REQUEST)),
      "NETWORK_ERROR",
      /TLS handshake failed.*https/,
      false,
    );
  });

  it("a server that speaks no HTTP", async () => {
    const server = await serveTcp((socket) => {
      socket.once("data", () => socket.end("220 mail.example ESMTP\r\n"));
    });
    expectSafe(
      await errorOf(() => ask(at(server, "openai"), mode, REQUEST)),
      "INVALID_RESPONSE",
      /did not answer in HTTP.*base URL/,
      false,
    );
  });

  it("no server", async () => {
    const error = await errorOf(() => ask(at({ url: "http://127.0.0.1:9" }, "openai"), mode, REQUEST));
    expectSafe(error, "NETWORK_ERROR", /nothing listens there/, false);
  });
});
