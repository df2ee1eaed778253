import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DialectId } from "../../src/core/contract/dialect.js";
import type { ChatProvider } from "../../src/core/contract/provider.js";
import { AiLibError } from "../../src/core/errors/error.js";
import type { ChatResponse } from "../../src/core/values/chat-response.js";
import { AiClient, CustomProviderBuilder, ProviderFactory, type Transport } from "../../src/index.js";
import { memoryTransport } from "../support/memory-transport.js";
import {
  bodyBytes,
  type Case,
  canonical,
  differences,
  type Outcome,
  type Recording,
  recordedCases,
  recordingsFolder,
} from "../support/recordings.js";
import { replayServer, replyHeaders } from "../support/replay-server.js";
import { deviations } from "./deviations.js";
import { splices } from "./splices.js";

/** Recorded apis and the dialects that speak them. */
const APIS: Readonly<Record<string, DialectId>> = {
  "openai-chat": "openai-chat",
  "openai-responses": "openai-responses",
  "anthropic-messages": "anthropic-messages",
  "google-generate-content": "gemini",
  "mistral-chat": "mistral-chat",
  "cohere-chat-v2": "cohere-chat",
  "bedrock-converse": "bedrock-converse",
  "ollama-chat": "ollama-chat",
};

const CUTS = 20;

function providerFor(
  recording: Recording,
  dialect: DialectId,
  baseUrl: string,
  transport?: Transport,
): ChatProvider {
  const options = { baseUrl, apiKey: "recorded-key", model: "recorded", transport, environment: {} };
  const known = ProviderFactory.ids().includes(recording.provider);
  if (known && ProviderFactory.describe(recording.provider).dialect === dialect)
    return ProviderFactory.create(recording.provider, options);
  const builder = new CustomProviderBuilder(recording.provider)
    .withDialect(dialect)
    .withBaseUrl(baseUrl)
    .withApiKey("recorded-key")
    .withDefaultChatModel("recorded");
  return (transport === undefined ? builder : builder.withTransport(transport)).buildProvider();
}

/** Runs a recording through the public API, as a stream where it was recorded as one. */
async function run(recording: Recording, provider: ChatProvider): Promise<Outcome> {
  const client = new AiClient(provider);
  try {
    if (!recording.stream) return { response: await client.chat("recorded") };
    return { response: await client.stream("recorded").response() };
  } catch (error) {
    if (AiLibError.is(error)) return { error };
    throw error;
  }
}

/** An outcome without what differs from run to run. */
function comparable(outcome: Outcome): string {
  const answer = (response: ChatResponse | undefined) => {
    if (response === undefined) return undefined;
    const { attempts: _attempts, id: _id, rateLimits: _limits, ...rest } = response;
    return rest;
  };
  return canonical(
    "response" in outcome
      ? answer(outcome.response)
      : { code: outcome.error.code, message: outcome.error.message, partial: answer(outcome.error.partial) },
  );
}

function inMemory({ recording }: Case, dialect: DialectId, change: object = {}): Promise<Outcome> {
  const { status } = recording.response;
  const reply = { status, headers: replyHeaders(recording), body: bodyBytes(recording), ...change };
  return run(recording, providerFor(recording, dialect, "http://127.0.0.1:1", memoryTransport(reply)));
}

if (recordingsFolder === undefined) {
  it.skip("replays the recorded exchanges: skipped, since there is no folder of recordings (AI_LIB_RECORDINGS)", () => {});
}

describe.skipIf(recordingsFolder === undefined).each(Object.entries(APIS))(
  "recorded %s exchanges",
  (api, dialect) => {
    const cases = recordedCases(api);
    const streamed = cases.filter(({ recording }) => recording.stream);
    let server: Awaited<ReturnType<typeof replayServer>>;

    beforeAll(async () => {
      server = await replayServer(cases.map(({ recording }) => recording));
    });
    afterAll(async () => {
      await server.close();
    });

    it("decode to what the answer key says, over real sockets", async () => {
      const unexplained: string[] = [];
      const score = new Map<string, { asserted: number; equal: number; deviating: number }>();
      let deviating = 0;
      for (const [i, { recording, expected }] of cases.entries()) {
        const outcome = await run(recording, providerFor(recording, dialect, `${server.url}/${i}`));
        const found = differences(expected, outcome);
        const known = deviations.filter((deviation) => deviation.id === recording.id);
        for (const { field, expected: want, got } of found) {
          const excused = known.some(
            (deviation) => deviation.field === field && canonical(deviation.got) === canonical(got),
          );
          if (!excused)
            unexplained.push(`${recording.id} ${field}: expected ${canonical(want)}, got ${canonical(got)}`);
        }
        for (const { field } of known)
          if (!found.some((one) => one.field === field))
            unexplained.push(`${recording.id} ${field}: deviates no longer`);
        const line = score.get(recording.provider) ?? { asserted: 0, equal: 0, deviating: 0 };
        line.asserted++;
        if (found.length === 0) line.equal++;
        else line.deviating++;
        if (found.length > 0) deviating++;
        score.set(recording.provider, line);
      }
      const total = `${api}: ${cases.length} asserted, ${cases.length - deviating} equal, ${deviating} deviating`;
      console.log(
        [
          total,
          ...[...score].map(
            ([name, s]) => `  ${name}: ${s.asserted} asserted, ${s.equal} equal, ${s.deviating} deviating`,
          ),
        ].join("\n"),
      );
      expect(unexplained).toEqual([]);
      expect(deviating).toBeLessThanOrEqual(Math.floor(cases.length / 100));
    }, 120_000);

    it("give the same result whole, in 7-byte and in 1-byte segments", async () => {
      const different: string[] = [];
      for (const one of streamed) {
        const whole = comparable(await inMemory(one, dialect));
        if (comparable(await inMemory(one, dialect, { segment: 7 })) !== whole)
          different.push(`${one.recording.id} by 7`);
        if (comparable(await inMemory(one, dialect, { segment: 1 })) !== whole)
          different.push(`${one.recording.id} by 1`);
      }
      expect(different).toEqual([]);
    }, 240_000);

    it("are never a success when cut, unless the terminator had come and the answer is whole", async () => {
      const wrong: string[] = [];
      for (const one of streamed) {
        const bytes = bodyBytes(one.recording);
        const whole = await inMemory(one, dialect);
        for (let i = 0; i < CUTS; i++) {
          const cutAt = Math.floor((bytes.length * (i + 0.5)) / CUTS);
          const outcome = await inMemory(one, dialect, { cutAt });
          if ("response" in outcome && "response" in whole) {
            const same =
              canonical(outcome.response.content) === canonical(whole.response.content) &&
              outcome.response.finishReason === whole.response.finishReason;
            if (!same) wrong.push(`${one.recording.id} cut at ${cutAt} of ${bytes.length}`);
          } else if ("response" in outcome)
            wrong.push(`${one.recording.id} cut at ${cutAt}: a success of a failure`);
        }
      }
      expect(wrong).toEqual([]);
    }, 240_000);

    it("are not changed by an unknown event type, an unknown field or a comment", async () => {
      const different: string[] = [];
      for (const one of streamed) {
        const whole = comparable(await inMemory(one, dialect));
        for (const [name, body] of splices(one.recording, dialect)) {
          if (comparable(await inMemory(one, dialect, { body })) !== whole)
            different.push(`${one.recording.id}: ${name}`);
        }
      }
      expect(different).toEqual([]);
    }, 120_000);
  },
);
