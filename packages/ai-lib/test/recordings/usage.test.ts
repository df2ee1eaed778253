import { beforeAll, describe, expect, it } from "vitest";
import type { ClientHalf, DialectId } from "../../src/core/contract/dialect.js";
import { isObject, type JsonObject, tryParse } from "../../src/core/values/json.js";
import type { Usage } from "../../src/core/values/usage.js";
import { AiClient, CustomProviderBuilder } from "../../src/index.js";
import { dialectClient } from "../../src/providers/endpoint/dialects.js";
import { memoryTransport } from "../support/memory-transport.js";
import { bodyBytes, type Case, canonical, type Recording, recordedCases } from "../support/recordings.js";
import { replyHeaders } from "../support/replay-server.js";

/** Recorded apis, the dialects that speak them, and where a whole reply has its usage (`""`: at its top). */
const APIS: readonly [api: string, dialect: DialectId, field: string][] = [
  ["openai-chat", "openai-chat", "usage"],
  ["openai-responses", "openai-responses", "usage"],
  ["anthropic-messages", "anthropic-messages", "usage"],
  ["google-generate-content", "gemini", "usageMetadata"],
  ["mistral-chat", "mistral-chat", "usage"],
  ["cohere-chat-v2", "cohere-chat", "usage"],
  ["ollama-chat", "ollama-chat", ""],
];

/** Fields of a request that say how the answer comes, and not what is asked. */
const HOW = new Set(["stream", "stream_options"]);

/** What was asked of whom, the same for a streamed and a whole answer; undefined where the request was not recorded. */
function question({ provider, model, request }: Recording): string | undefined {
  const body = request?.body;
  if (!isObject(body) || request?.elided !== undefined) return undefined;
  // What a tool of the provider's finds is read as prompt too, and is another each time.
  const tools = Array.isArray(body["tools"]) ? body["tools"].filter(isObject) : [];
  if (tools.some(({ type }) => typeof type === "string" && type !== "function" && type !== "custom"))
    return undefined;
  const asked = Object.fromEntries(Object.entries(body).filter(([name]) => !HOW.has(name)));
  return canonical([provider, model, asked]);
}

async function usageOf(recording: Recording, dialect: DialectId) {
  const reply = {
    status: recording.response.status,
    headers: replyHeaders(recording),
    body: bodyBytes(recording),
  };
  const provider = new CustomProviderBuilder("recorded")
    .withDialect(dialect)
    .withBaseUrl("http://127.0.0.1:1")
    .withApiKey("recorded-key")
    .withDefaultChatModel("recorded")
    .withTransport(memoryTransport(reply))
    .buildProvider();
  const client = new AiClient(provider);
  return recording.stream ? client.stream("recorded").response() : client.chat("recorded");
}

function counts({ raw: _raw, ...usage }: Usage): Omit<Usage, "raw"> {
  return usage;
}

describe.each(APIS)("usage of recorded %s exchanges", (api, dialect, field) => {
  const good = recordedCases(api).filter(({ expected }) => expected.outcome === "response");
  const streamed = good.filter(({ recording }) => recording.stream);
  const whole = good.filter(({ recording }) => !recording.stream);
  let half: ClientHalf;
  beforeAll(async () => {
    half = await dialectClient(dialect);
  });

  it("is read from a stream as it is from a whole reply with the same usage object", async () => {
    const template = whole.map(({ recording }) => tryParse(recording.response.body)).find(isObject);
    if (template === undefined) throw new Error(`no whole reply of ${api} was recorded`);
    const target = { provider: "recorded", model: "recorded", quirks: {}, now: 0 };
    const different: string[] = [];
    let compared = 0;
    for (const { recording } of streamed) {
      const { usage, usageStatus } = await usageOf(recording, dialect);
      if (usageStatus !== "final" || usage.raw === undefined) continue;
      compared++;
      const body: JsonObject =
        field === "" ? { ...template, ...(usage.raw as JsonObject) } : { ...template, [field]: usage.raw };
      const reply = half.decode({ status: 200, headers: {}, body: JSON.stringify(body) }, target);
      const buffered = reply.facts.usage;
      if (buffered === undefined || canonical(counts(buffered)) !== canonical(counts(usage)))
        different.push(
          `${recording.id}: ${canonical(counts(usage))} streamed, ${canonical(buffered && counts(buffered))} whole`,
        );
    }
    expect(compared).toBeGreaterThan(0);
    expect(different).toEqual([]);
  }, 60_000);

  it("counts the same prompt alike, streamed and whole, where both were recorded", async () => {
    const asked = new Map<string, Case[]>();
    for (const one of good) {
      const key = question(one.recording);
      if (key !== undefined) asked.set(key, [...(asked.get(key) ?? []), one]);
    }
    const different: string[] = [];
    for (const cases of asked.values()) {
      if (new Set(cases.map(({ recording }) => recording.stream)).size < 2) continue;
      const told = new Map<number, string>();
      for (const { recording } of cases) {
        const { usage, usageStatus } = await usageOf(recording, dialect);
        if (usageStatus === "final") told.set(usage.inputTokens, recording.id);
      }
      if (told.size > 1) different.push([...told].map(([tokens, id]) => `${id}: ${tokens}`).join(", "));
    }
    expect(different).toEqual([]);
  }, 60_000);

  it("is final if the provider reported some, and a marked estimate if it did not", async () => {
    const wrong: string[] = [];
    for (const { recording, expected } of good) {
      const { usage, usageStatus } = await usageOf(recording, dialect);
      if (usageStatus === "estimated") {
        if (expected.usage?.["inputTokens"] != null)
          wrong.push(`${recording.id}: estimated, though reported`);
        if (usage.raw !== undefined || !(usage.inputTokens > 0)) wrong.push(`${recording.id}: no estimate`);
      } else if (usageStatus !== "final") wrong.push(`${recording.id}: ${usageStatus}`);
    }
    expect(wrong).toEqual([]);
  }, 60_000);
});
