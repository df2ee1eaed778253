import { type ChatProvider, type DialectId, defineProvider, failover } from "ai-lib";
import { type Fault, type Simulator, startSimulator } from "ai-lib/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { SDKS, type Sdk } from "../../ai-lib/test/support/sdks.js";
import type { LedgerRow } from "../src/admission.js";
import { Gateway } from "../src/gateway.js";
import { ModelTable } from "../src/model-table.js";
import { OpenAdmission } from "../src/open-admission.js";
import { undiciTransport } from "../src/undici-transport.js";

const PROMPT = "Say this back in several pieces, please";

/** What goes wrong before the first content: nobody may notice. */
const BEFORE: Readonly<Record<string, Fault>> = {
  "500": { status: 500 },
  "503": { status: 503 },
  "529": { status: 529 },
  "429": { status: 429, headers: { "retry-after": "30" } },
  "401": { status: 401 },
  "a reset before the head": { reset: "head" },
  "a reset behind the head": { reset: 0 },
  "an empty stream": { cut: 0 },
  "an error in the stream": { inBand: { after: 0, error: { code: "OVERLOADED", message: "busy" } } },
  "no JSON": { body: "<html>gateway</html>" },
};

/** What goes wrong after content has reached the client: its SDK must raise. */
const AFTER: Readonly<Record<string, Fault>> = {
  "a reset": { reset: 5 },
  "a cut": { cut: 5 },
  "an error in the stream": { inBand: { after: 5, error: { code: "OVERLOADED", message: "busy" } } },
};

const undici = undiciTransport();
let simulator: Simulator;
const gateways: Gateway[] = [];
const rows: LedgerRow[] = [];

beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(async () => {
  await Promise.all(gateways.map((gateway) => gateway.cut()));
  await undici.close?.();
  await simulator.close();
});

/** A gateway for clients of a dialect, whose chain asks two upstreams of a dialect. */
async function startFor(
  dialect: DialectId,
  upstream: DialectId,
  name: string,
  by: "node" | "undici",
): Promise<string> {
  const member = (id: string): ChatProvider =>
    defineProvider(
      {
        id,
        dialect: upstream,
        baseUrl: simulator.baseUrl(`${name}-${id}`, upstream),
        auth: { style: "none" },
      },
      { environment: {}, model: "m", ...(by === "undici" && { transport: undici }) },
    );
  const provider = failover([member("first"), member("second")]);
  const gateway = await Gateway.start(
    {
      table: new ModelTable({
        routes: [{ name: "house", provider }],
        providers: new Map(),
        fallback: "house",
      }),
      admission: new OpenAdmission(),
      ledger: { record: (row) => void rows.push(row) },
      dialects: [dialect],
    },
    { host: "127.0.0.1", port: 0 },
  );
  gateways.push(gateway);
  return gateway.url;
}

const DIALECTS: Readonly<Record<keyof typeof SDKS, DialectId>> = {
  "openai (chat)": "openai-chat",
  "openai (responses)": "openai-responses",
  "@anthropic-ai/sdk": "anthropic-messages",
  "@google/genai": "gemini",
  "@aws-sdk/client-bedrock-runtime": "bedrock-converse",
  "@mistralai/mistralai": "mistral-chat",
  "cohere-ai": "cohere-chat",
  ollama: "ollama-chat",
};

describe.each(Object.entries(SDKS) as [keyof typeof SDKS, (typeof SDKS)[keyof typeof SDKS]][])(
  "%s",
  (sdkName, make) => {
    const dialect = DIALECTS[sdkName];
    const others = (["anthropic-messages", "gemini", "openai-chat"] as const).filter(
      (one) => one !== dialect,
    );
    const upstreams = [dialect, ...others].map((one) => [one, "node"] as const);
    describe.each([...upstreams, [dialect, "undici"] as const])(
      "over upstreams of %s by %s",
      (upstream, by) => {
        const name = `${sdkName}-${upstream}-${by}`.replace(/\W+/g, "-");
        let sdk: Sdk;
        // A new chain for each test: a member that failed cools down.
        beforeEach(async () => {
          const url = await startFor(dialect, upstream, name, by);
          sdk = make({ base: () => url });
        });
        afterEach(async () => {
          await Promise.all(gateways.splice(0).map((gateway) => gateway.cut()));
        });

        async function streamed(): Promise<string> {
          let text = "";
          for await (const piece of sdk.stream(PROMPT)) text += piece;
          return text;
        }

        it("chats and streams", async () => {
          expect((await sdk.chat("Grüße 👋")).text).toBe("You said: Grüße 👋");
          expect(await streamed()).toBe(`You said: ${PROMPT}`);
          expect(rows.at(-1)?.end).toMatchObject({ status: "success", attempts: [{ outcome: "success" }] });
        });

        it.each(Object.entries(BEFORE))(
          "gets the whole answer of the second member after %s",
          async (_, fault) => {
            simulator.script(`${name}-first`, [fault]);
            expect(await streamed()).toBe(`You said: ${PROMPT}`);
            expect(rows.at(-1)?.end.attempts.at(-1)?.target.provider).toBe("second");
          },
        );

        it.each(Object.entries(AFTER))("raises an error after %s in the middle", async (_, fault) => {
          simulator.script(`${name}-first`, [fault]);
          await expect(streamed()).rejects.toThrow();
          expect(rows.at(-1)).toMatchObject({ end: { status: "error" } });
        });
      },
    );
  },
);
