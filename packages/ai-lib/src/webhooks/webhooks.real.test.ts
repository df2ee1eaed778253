import { createHash, createHmac, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AiLibError } from "../core/errors/error.js";
import {
  anthropicWebhooks,
  falWebhooks,
  openaiWebhooks,
  replicateWebhooks,
  serveWebhooks,
  serveWebhooksWeb,
  type WebhookEvent,
  type WebhookSource,
} from "./index.js";

const SECRET = `whsec_${randomBytes(24).toString("base64")}`;
const NOW = Math.floor(Date.now() / 1000);

/** Headers of a delivery, signed as https://www.standardwebhooks.com says. */
function standardHeaders(
  body: string,
  { id = "msg_1", secret = SECRET, at = NOW } = {},
): Record<string, string> {
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${at}.${body}`).digest("base64");
  return { "webhook-id": id, "webhook-timestamp": String(at), "webhook-signature": `v1,${signature}` };
}

const { publicKey, privateKey } = generateKeyPairSync("ed25519");
const other = generateKeyPairSync("ed25519");

function falHeaders(body: string, { id = "req_1", at = NOW, key = privateKey } = {}): Record<string, string> {
  const digest = createHash("sha256").update(body).digest("hex");
  const signature = sign(null, Buffer.from([id, "user_1", String(at), digest].join("\n")), key).toString(
    "hex",
  );
  return {
    "x-fal-webhook-request-id": id,
    "x-fal-webhook-user-id": "user_1",
    "x-fal-webhook-timestamp": String(at),
    "x-fal-webhook-signature": signature,
  };
}

let keysFetched = 0;
let keys: unknown[] = [];
const keyServer = createServer((_request, response) => {
  keysFetched++;
  response.end(JSON.stringify({ keys }));
});
const urlOf = (server: typeof keyServer): string =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
beforeAll(() => new Promise<void>((resolve) => keyServer.listen(0, "127.0.0.1", resolve)));
afterAll(() => void keyServer.close());

type Post = (body: string, headers: Record<string, string>) => Promise<number>;

/** Both handlers around the same options. */
function handlers(
  options: Omit<Parameters<typeof serveWebhooks>[0], "onEvent"> & {
    onEvent?: (event: WebhookEvent) => unknown;
  },
) {
  const events: WebhookEvent[] = [];
  const refusals: AiLibError[] = [];
  const all = {
    onEvent: (event: WebhookEvent) => events.push(event),
    onRefused: (error: AiLibError) => refusals.push(error),
    ...options,
  };
  const web = serveWebhooksWeb(all);
  const server = createServer(serveWebhooks(all));
  const listening = new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const viaNode: Post = async (body, headers) => {
    await listening;
    return (await fetch(urlOf(server), { method: "POST", body, headers })).status;
  };
  const viaWeb: Post = async (body, headers) =>
    (await web(new Request("https://example.com/hook", { method: "POST", body, headers }))).status;
  return {
    events,
    refusals,
    web,
    server,
    posts: { "node:http": viaNode, "the web": viaWeb },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const RESPONSE = {
  id: "evt_1",
  object: "event",
  type: "response.completed",
  created_at: NOW,
  data: { id: "resp_1" },
};
const SESSION = {
  id: "evt_2",
  type: "event",
  created_at: "2026-11-28T00:00:00Z",
  data: { id: "sess_1", type: "session.idled" },
};
const PREDICTION = { id: "pred_1", status: "succeeded", output: ["https://example.com/a.png"] };

describe.each(["node:http", "the web"] as const)("a webhook over %s", (way) => {
  it.each<[string, WebhookSource, object, Partial<WebhookEvent>]>([
    [
      "OpenAI",
      openaiWebhooks({ secret: SECRET }),
      RESPONSE,
      { type: "response.completed", subject: "resp_1" },
    ],
    [
      "Anthropic",
      anthropicWebhooks({ secret: SECRET }),
      SESSION,
      { type: "session.idled", subject: "sess_1" },
    ],
    [
      "Replicate",
      replicateWebhooks({ secret: SECRET }),
      PREDICTION,
      { type: "succeeded", subject: "pred_1" },
    ],
  ])("of %s is believed by its signature alone, and handed on once", async (_, source, payload, event) => {
    const served = handlers({ sources: source });
    const post = served.posts[way];
    const body = JSON.stringify(payload);
    const headers = standardHeaders(body);
    // Five at a time, as a vendor that times out would.
    const statuses = await Promise.all(Array.from({ length: 5 }, () => post(body, headers)));
    expect(statuses).toEqual([204, 204, 204, 204, 204]);
    expect(served.events).toEqual([
      { vendor: source.vendor, id: "msg_1", at: NOW * 1000, payload, ...event },
    ]);
    const wrong: Record<string, string>[] = [
      {},
      { ...headers, "webhook-id": "msg_2" },
      { ...headers, "webhook-timestamp": String(NOW + 1) },
      { ...headers, "webhook-signature": "v1,AAAA" },
      { ...headers, "webhook-signature": headers["webhook-signature"]?.replace("v1,", "v1a,") ?? "" },
      { ...headers, "webhook-signature": `v1,${"%".repeat(20)}` },
      { ...headers, "webhook-signature": "v1,AAAA ".repeat(2_000) },
      standardHeaders(body, { id: "msg_3", secret: `whsec_${randomBytes(24).toString("base64")}` }),
      standardHeaders(body, { id: "msg_4", at: NOW - 400 }),
      standardHeaders(body, { id: "msg_5", at: NOW + 400 }),
    ];
    for (const headersOf of wrong) expect(await post(body, headersOf)).toBe(401);
    expect(await post(`${body} `, headers)).toBe(401);
    expect(served.events).toHaveLength(1);
    expect(served.refusals).toHaveLength(11);
    expect(served.refusals.map(({ message }) => message).join()).not.toContain(SECRET);
    // Several signatures, of which one is right: the vendor changes its secret.
    const two = standardHeaders(body, { id: "msg_6" });
    expect(await post(body, { ...two, "webhook-signature": `v1,AAAA ${two["webhook-signature"]}` })).toBe(
      204,
    );
    served.close();
  });

  it("of fal is checked with its public keys, which are fetched once and again for a new one", async () => {
    keysFetched = 0;
    keys = [{ kty: "RSA", n: "x" }, publicKey.export({ format: "jwk" })];
    let now = NOW * 1000;
    const clock = { now: () => now, after: () => () => {} };
    const served = handlers({ sources: falWebhooks({ keysUrl: urlOf(keyServer) }), clock });
    const post = served.posts[way];
    const body = JSON.stringify({ request_id: "req_1", status: "OK", payload: { images: [] } });
    expect(await post(body, falHeaders(body))).toBe(204);
    expect(served.events).toMatchObject([{ vendor: "fal", id: "req_1", type: "OK", subject: "req_1" }]);
    for (let i = 0; i < 3; i++)
      expect(await post(body, falHeaders(body, { key: other.privateKey }))).toBe(401);
    expect(await post(body, { ...falHeaders(body), "x-fal-webhook-signature": "zz" })).toBe(401);
    expect(await post(`${body} `, falHeaders(body))).toBe(401);
    // Nobody makes us fetch by sending what is not signed.
    expect(keysFetched).toBe(1);
    keys = [other.publicKey.export({ format: "jwk" })];
    now += 301_000;
    const at = Math.floor(now / 1000);
    expect(await post(body, falHeaders(body, { id: "req_2", at, key: other.privateKey }))).toBe(204);
    expect(keysFetched).toBe(2);
    served.close();
  });

  it("that fails in the handler is sent again, and one of another vendor on the same address is distinguished", async () => {
    let fails = true;
    const seen: string[] = [];
    const otherSecret = `whsec_${randomBytes(24).toString("base64")}`;
    const served = handlers({
      sources: [
        openaiWebhooks({ secret: ["old-secret", SECRET] }),
        replicateWebhooks({ secret: otherSecret }),
      ],
      onEvent: async ({ vendor }) => {
        if (fails) throw new Error("the database is away");
        seen.push(vendor);
      },
    });
    const post = served.posts[way];
    const body = JSON.stringify(RESPONSE);
    expect(await post(body, standardHeaders(body))).toBe(500);
    fails = false;
    expect(await post(body, standardHeaders(body))).toBe(204);
    const prediction = JSON.stringify(PREDICTION);
    expect(await post(prediction, standardHeaders(prediction, { secret: otherSecret }))).toBe(204);
    expect(seen).toEqual(["openai", "replicate"]);
    expect(await post("[1]", standardHeaders("[1]", { id: "msg_9" }))).toBe(400);
    served.close();
  });

  it("that is too long or no POST is refused before its signature is looked at", async () => {
    const served = handlers({ sources: openaiWebhooks({ secret: SECRET }), maxBodyBytes: 1_000 });
    const body = JSON.stringify({ a: "x".repeat(2_000) });
    expect(await served.posts[way](body, standardHeaders(body))).toBe(413);
    const get =
      way === "the web"
        ? await served.web(new Request("https://example.com/hook"))
        : await fetch(urlOf(served.server));
    expect(get.status).toBe(405);
    expect(served.events).toEqual([]);
    served.close();
  });
});

describe("the vendors' own clients", () => {
  it("believe what these tests sign, so that the rule is theirs", async () => {
    const body = JSON.stringify(RESPONSE);
    const openai = new OpenAI({ apiKey: "k", webhookSecret: SECRET });
    expect(await openai.webhooks.unwrap(body, standardHeaders(body))).toEqual(RESPONSE);
    const session = JSON.stringify(SESSION);
    const anthropic = new Anthropic({ apiKey: "k", webhookKey: SECRET });
    expect(anthropic.beta.webhooks.unwrap(session, { headers: standardHeaders(session) })).toEqual(SESSION);
  });

  it("need a secret", () => {
    for (const secret of ["", "whsec_", "whsec_%%%", []])
      expect(() => openaiWebhooks({ secret })).toThrowError(
        expect.objectContaining({ code: "CONFIG_ERROR" }),
      );
    const unknown = { sources: openaiWebhooks({ secret: SECRET }), onEvent: () => {}, tolerance: 3 };
    expect(() => serveWebhooks(unknown as never)).toThrowError(
      expect.objectContaining({ code: "CONFIG_ERROR" }),
    );
  });
});
