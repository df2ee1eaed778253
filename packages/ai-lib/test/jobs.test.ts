import { beforeAll, describe, expect, it } from "vitest";
import { type KindApi, loadKindApi } from "../src/apis/index.js";
import { imageLaws } from "../src/core/kinds/image.js";
import { transcribeLaws } from "../src/core/kinds/transcribe.js";
import { lawsOf } from "../src/core/run/kind-laws.js";
import type { Kind } from "../src/core/values/kinds.js";
import { AiClient, defineProvider, failover } from "../src/index.js";
import { resumeRun, startRun } from "../src/jobs/index.js";
import { dialectClient } from "../src/providers/endpoint/dialects.js";
import { scripted } from "../src/testing/scripted.js";
import { VirtualClock } from "../src/testing/virtual-clock.js";
import { errorOf } from "./support/calls.js";
import { ScriptedTransport, type WireReply } from "./support/scripted-transport.js";

function vendor(kind: Kind, api: KindApi, replies: readonly WireReply[], model = "owner/model") {
  const transport = new ScriptedTransport(replies);
  const provider = defineProvider(
    {
      id: "vendor",
      dialect: "openai-chat",
      chat: false,
      baseUrl: "http://127.0.0.1:1",
      kinds: { [kind]: { api, model } },
    },
    { apiKey: "secret-key-of-vendor", transport },
  );
  return { transport, provider, client: new AiClient(provider) };
}

const audio = { data: "AAAA", mediaType: "audio/wav" };

/** Each API by its steps: the replies, the requests that they answer, and what comes of them. */
const STEPS: readonly {
  readonly name: string;
  readonly kind: "transcribe" | "image" | "speak";
  readonly api: KindApi;
  readonly request: object;
  readonly replies: readonly WireReply[];
  readonly sent: readonly string[];
  readonly result: object;
}[] = [
  {
    name: "AssemblyAI uploads, starts and asks",
    kind: "transcribe",
    api: "assemblyai-transcription",
    request: { audio, speakers: true },
    replies: [
      { json: { upload_url: "https://cdn.example/a" } },
      { json: { id: "j1", status: "queued" } },
      { json: { id: "j1", status: "processing" } },
      {
        json: {
          id: "j1",
          status: "completed",
          text: "Hi there",
          language_code: "en",
          audio_duration: 2,
          utterances: [{ text: "Hi there", start: 0, end: 900, speaker: "A" }],
          words: [{ text: "Hi", start: 0, end: 400, speaker: "A" }],
        },
      },
    ],
    sent: ["POST /upload", "POST /transcript", "GET /transcript/j1", "GET /transcript/j1"],
    result: {
      text: "Hi there",
      language: "en",
      durationSeconds: 2,
      billedSeconds: 2,
      segments: [{ text: "Hi there", start: 0, end: 0.9, speaker: "A" }],
      words: [{ text: "Hi", start: 0, end: 0.4, speaker: "A" }],
    },
  },
  {
    name: "Gladia uploads a form, starts and asks",
    kind: "transcribe",
    api: "gladia-transcription",
    request: { audio },
    replies: [
      { json: { audio_url: "https://api.example/file/1" } },
      { json: { id: "g1", result_url: "https://api.example/v2/pre-recorded/g1" } },
      { json: { id: "g1", status: "queued" } },
      {
        json: {
          id: "g1",
          status: "done",
          result: {
            metadata: { audio_duration: 3, billing_time: 4 },
            transcription: {
              full_transcript: "Hi there",
              languages: ["en"],
              utterances: [
                {
                  text: "Hi there",
                  start: 0,
                  end: 1,
                  speaker: 0,
                  words: [{ word: " Hi", start: 0, end: 0.5 }],
                },
              ],
            },
          },
        },
      },
    ],
    sent: ["POST /upload", "POST /pre-recorded", "GET /pre-recorded/g1", "GET /pre-recorded/g1"],
    result: {
      text: "Hi there",
      language: "en",
      billedSeconds: 4,
      words: [{ text: "Hi", start: 0, end: 0.5 }],
    },
  },
  {
    name: "Rev AI asks for the transcript apart",
    kind: "transcribe",
    api: "revai-transcription",
    request: { audio },
    replies: [
      { json: { id: "r1", status: "in_progress", language: "en" } },
      { json: { id: "r1", status: "transcribed", language: "en", duration_seconds: 5 } },
      {
        json: {
          monologues: [
            {
              speaker: 0,
              elements: [
                { type: "text", value: "Hi", ts: 0, end_ts: 0.4 },
                { type: "punct", value: "." },
              ],
            },
          ],
        },
      },
    ],
    sent: ["POST /jobs", "GET /jobs/r1", "GET /jobs/r1/transcript"],
    result: {
      text: "Hi.",
      language: "en",
      durationSeconds: 5,
      words: [{ text: "Hi", start: 0, end: 0.4, speaker: "0" }],
    },
  },
  {
    name: "fal queues, and keeps the answer at a place of its own",
    kind: "image",
    api: "fal-images",
    request: { model: "fal-ai/flux/schnell", prompt: "A cat" },
    replies: [
      { json: { request_id: "f1", status: "IN_QUEUE", queue_position: 2 } },
      { json: { request_id: "f1", status: "IN_PROGRESS" } },
      { json: { request_id: "f1", status: "COMPLETED" } },
      { json: { images: [{ url: "https://fal.media/a.png", content_type: "image/png" }] } },
    ],
    sent: [
      "POST /fal-ai/flux/schnell",
      "GET /fal-ai/flux/requests/f1/status",
      "GET /fal-ai/flux/requests/f1/status",
      "GET /fal-ai/flux/requests/f1",
    ],
    result: { images: [{ url: "https://fal.media/a.png", mediaType: "image/png" }] },
  },
  {
    name: "Black Forest Labs names the address to ask",
    kind: "image",
    api: "bfl-images",
    request: { model: "flux-2-pro", prompt: "A cat" },
    replies: [
      { json: { id: "b1", polling_url: "http://127.0.0.1:1/v1/get_result?id=b1" } },
      { json: { id: "b1", status: "Pending" } },
      { json: { id: "b1", status: "Ready", result: { sample: "https://delivery.example/a.jpeg" } } },
    ],
    sent: ["POST /flux-2-pro", "GET /v1/get_result?id=b1", "GET /v1/get_result?id=b1"],
    result: { images: [{ url: "https://delivery.example/a.jpeg" }] },
  },
  {
    name: "Replicate answers right away, or is asked",
    kind: "image",
    api: "replicate-images",
    request: { model: "owner/model", prompt: "A cat", n: 2 },
    replies: [
      { json: { id: "p1", status: "processing", output: ["https://r.example/1.png"] } },
      {
        json: {
          id: "p1",
          model: "owner/model",
          status: "succeeded",
          output: ["https://r.example/1.png", "https://r.example/2.png"],
        },
      },
    ],
    sent: ["POST /models/owner/model/predictions", "GET /predictions/p1"],
    result: { images: [{ url: "https://r.example/1.png" }, { url: "https://r.example/2.png" }] },
  },
  {
    name: "speech of Replicate is read from its address, without the key",
    kind: "speak",
    api: "replicate-speak",
    request: { text: "Hello" },
    replies: [
      { json: { id: "s1", status: "succeeded", output: "https://r.example/a.wav" } },
      { headers: { "content-type": "audio/wav" }, bytes: new Uint8Array([82, 73, 70, 70]) },
    ],
    sent: ["POST /models/owner/model/predictions", "GET https://r.example/a.wav"],
    result: { audio: { data: "UklGRg==", mediaType: "audio/wav" } },
  },
];

/** Lets time pass until a call has ended. What is loaded at first use takes turns of the real event loop. */
async function play(clock: VirtualClock, pending: Promise<unknown>): Promise<void> {
  let over = false;
  pending.then(
    () => (over = true),
    () => (over = true),
  );
  for (let i = 0; i < 500 && !over; i++) {
    await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(1_000);
  }
}

// Loaded before the tests that count milliseconds.
beforeAll(async () => {
  for (const { kind, api } of STEPS) await loadKindApi(kind, api);
  await dialectClient("openai-chat");
  for (const kind of ["transcribe", "image", "speak"] as const) await lawsOf(kind);
  await Promise.all([
    import("../src/providers/endpoint/kind-calls.js"),
    import("../src/providers/endpoint/job-calls.js"),
    import("../src/providers/endpoint/followed.js"),
    import("../src/providers/endpoint/fetched-media.js"),
    import("../src/providers/endpoint/service-requests.js"),
    import("../src/providers/endpoint/request-once.js"),
  ]);
});

type Ask = (request: object, options?: object) => Promise<unknown>;

describe("a call that its vendor answers with a job", () => {
  it.each(STEPS)("$name", async ({ kind, api, request, replies, sent, result }) => {
    const { client, transport } = vendor(kind, api, replies);
    const clock = new VirtualClock();
    const pending = (client[kind] as unknown as Ask).call(client, request, { clock });
    await play(clock, pending);
    expect(await pending).toMatchObject(result);
    expect(transport.sent).toEqual(sent);
    for (const { url, headers } of transport.requests)
      expect("authorization" in headers).toBe(url.startsWith("http://127.0.0.1:1/"));
  });

  const job = { id: "j1", status: "processing" };
  const done = { id: "j1", status: "completed", text: "Hi" };
  const ask = { audio: { url: "https://example.com/a.wav" } };

  it("waits longer each time, and as long as the vendor asks", async () => {
    const retry = { headers: { "retry-after": "30" }, json: job };
    const { client, transport } = vendor("transcribe", "assemblyai-transcription", [
      { json: job },
      { json: job },
      retry,
      { json: done },
    ]);
    const clock = new VirtualClock();
    const pending = client.transcribe(ask, { clock, random: () => 0.5 });
    const times: number[] = [];
    for (let ms = 0; ms < 40_000; ms += 50) {
      await clock.advance(50);
      while (times.length < transport.requests.length) times.push(ms);
    }
    expect((await pending).text).toBe("Hi");
    expect(times[1]).toBeGreaterThan(400);
    expect(times[1]).toBeLessThan(700);
    expect((times[2] ?? 0) - (times[1] ?? 0)).toBeGreaterThan(600);
    expect((times[3] ?? 0) - (times[2] ?? 0)).toBeGreaterThan(29_000);
  });

  it("asks again after a question that failed, and starts nothing twice", async () => {
    const { client, transport } = vendor("transcribe", "assemblyai-transcription", [
      { json: job },
      { broken: true },
      { status: 503 },
      { json: done },
    ]);
    const clock = new VirtualClock();
    const pending = client.transcribe(ask, { clock });
    for (let i = 0; i < 6; i++) await clock.advance(20_000);
    const { text, attempts } = await pending;
    expect([text, attempts.length]).toEqual(["Hi", 1]);
    expect(transport.sent.filter((each) => each.startsWith("POST"))).toHaveLength(1);
  });

  it("gives up a job that cannot be asked for, and goes to the next provider", async () => {
    const broken = Array.from({ length: 9 }, () => ({ broken: true }));
    const { provider, transport } = vendor("transcribe", "assemblyai-transcription", [
      { json: job },
      ...broken,
    ]);
    const other = scripted({ name: "other", kinds: ["transcribe"], replies: [{}] });
    const clock = new VirtualClock();
    const pending = new AiClient(failover([provider, other])).transcribe(ask, { clock });
    for (let i = 0; i < 9; i++) await clock.advance(20_000);
    expect((await pending).provider).toBe("other");
    expect(transport.requests).toHaveLength(6);
  });

  it("stops the vendor's job when it is aborted, and when its time is over", async () => {
    for (const how of ["abort", "timeout"] as const) {
      const { client, transport } = vendor("image", "replicate-images", [
        { json: { id: "p1", status: "starting" } },
        { json: { id: "p1", status: "processing" } },
        { json: { id: "p1", status: "canceled" } },
      ]);
      const clock = new VirtualClock();
      const abort = new AbortController();
      const pending = errorOf(
        client.image({ prompt: "A cat" }, { clock, signal: abort.signal, timeouts: { totalMs: 1_000 } }),
      );
      await clock.advance(700);
      if (how === "abort") abort.abort();
      await clock.advance(700);
      expect((await pending).code).toBe(how === "abort" ? "CANCELLED" : "TIMEOUT");
      expect(transport.sent.at(-1)).toBe("POST /predictions/p1/cancel");
    }
  });

  it.each([
    ["CONTENT_FILTERED", "bfl-images", { id: "b", status: "Content Moderated" }],
    ["PROVIDER_ERROR", "bfl-images", { id: "b", status: "Error", details: "GPU lost" }],
    ["PROVIDER_ERROR", "replicate-images", { id: "p", status: "failed", error: "CUDA out of memory" }],
    ["PROVIDER_ERROR", "replicate-images", { id: "p", status: "canceled" }],
    ["INVALID_RESPONSE", "replicate-images", { nothing: true }],
  ] as const)("fails with %s for %s that says %j", async (code, api, body) => {
    const { client } = vendor("image", api, [{ json: body }]);
    expect((await errorOf(client.image({ prompt: "A cat" }))).code).toBe(code);
  });

  it("never sends the key to an address of a reply that is not the vendor's", async () => {
    const { client, transport } = vendor("image", "bfl-images", [
      { json: { id: "b1", polling_url: "https://evil.example/get_result?id=b1" } },
      { json: { id: "b1", status: "Ready", result: { sample: "https://a.example/a.png" } } },
    ]);
    const clock = new VirtualClock();
    const pending = client.image({ prompt: "A cat" }, { clock });
    await clock.advance(20_000);
    await pending;
    expect(JSON.stringify(transport.requests[1])).not.toContain("secret-key-of-vendor");
    const plain = vendor("image", "bfl-images", [
      { json: { id: "b1", polling_url: "http://169.254.169.254/latest" } },
    ]);
    const refused = errorOf(plain.client.image({ prompt: "A cat" }, { clock }));
    await clock.advance(20_000);
    expect((await refused).code).toBe("INVALID_RESPONSE");
    expect(plain.transport.requests).toHaveLength(1);
  });
});

describe("pictures that are wanted as bytes", () => {
  const made = {
    json: { id: "p1", status: "succeeded", output: ["https://r.example/1.png", "https://r.example/2.png"] },
  };
  const file = { headers: { "content-type": "image/png" }, bytes: new Uint8Array([137, 80]) };

  it("are fetched before the answer returns, without the key", async () => {
    const { client, transport } = vendor("image", "replicate-images", [made, file, file]);
    const { images, warnings } = await client.image({ prompt: "A cat", n: 2, bytes: true });
    expect(images).toEqual([
      { data: "iVA=", mediaType: "image/png" },
      { data: "iVA=", mediaType: "image/png" },
    ]);
    expect(warnings).toEqual([]);
    expect(transport.sent.slice(1)).toEqual(["GET https://r.example/1.png", "GET https://r.example/2.png"]);
    for (const { headers } of transport.requests.slice(1)) expect(headers).toEqual({});
  });

  it("keep their URL if they cannot be fetched, and say so", async () => {
    const lost = { status: 404, json: {} };
    const { client } = vendor("image", "replicate-images", [made, file, lost]);
    const { images, warnings } = await client.image({ prompt: "A cat", n: 2, bytes: true });
    expect(images).toEqual([{ data: "iVA=", mediaType: "image/png" }, { url: "https://r.example/2.png" }]);
    expect(warnings).toMatchObject([{ field: "bytes", message: expect.stringContaining("Picture 2") }]);
    const inner = { json: { id: "p1", status: "succeeded", output: ["http://169.254.169.254/a.png"] } };
    const refused = vendor("image", "replicate-images", [inner]);
    expect((await refused.client.image({ prompt: "A cat", bytes: true })).images[0]?.data).toBeUndefined();
    expect(refused.transport.requests).toHaveLength(1);
  });

  it("are fetched by a run too", async () => {
    const { provider } = vendor("image", "replicate-images", [
      { json: { id: "p1", status: "starting" } },
      made,
      file,
      file,
    ]);
    const run = await startRun(provider, imageLaws, { prompt: "A cat", bytes: true });
    const { images } = await run.result({ poll: { minMs: 1 } });
    expect(images.map(({ data }) => data)).toEqual(["iVA=", "iVA="]);
  });

  it("end with their call", async () => {
    const { client, transport } = vendor("image", "replicate-images", [
      made,
      { silent: true },
      { silent: true },
    ]);
    const clock = new VirtualClock();
    const pending = errorOf(
      client.image({ prompt: "A cat", bytes: true }, { clock, timeouts: { totalMs: 5_000 } }),
    );
    await play(clock, pending);
    expect((await pending).code).toBe("TIMEOUT");
    expect(transport.aborted).toBe(2);
  });
});

describe("a run", () => {
  const ask = { audio: { url: "https://example.com/a.wav" }, prompt: "names" };
  const queued = { json: { id: "j1", status: "queued" } };
  const done = { json: { id: "j1", status: "completed", text: "Hi" } };

  it("is known by a handle of plain JSON, in another process too", async () => {
    const first = vendor("transcribe", "assemblyai-transcription", [queued]);
    const run = await startRun(failover([scripted("chat"), first.provider]), transcribeLaws, ask);
    const stored = JSON.stringify(run.handle);
    expect(stored).not.toContain("secret");
    const second = vendor("transcribe", "assemblyai-transcription", [queued, done]);
    const resumed = resumeRun(new AiClient(second.provider), transcribeLaws, JSON.parse(stored));
    expect(await resumed.status()).toMatchObject({ state: "pending", word: "queued" });
    const seen: string[] = [];
    const response = await resumed.result({
      poll: { minMs: 1 },
      onReport: ({ state }) => seen.push(state),
    });
    expect(response).toMatchObject({ text: "Hi", provider: "vendor", warnings: [{ field: "prompt" }] });
    expect(seen).toEqual(["done"]);
    expect(second.transport.sent).toEqual(["GET /transcript/j1", "GET /transcript/j1"]);
    // One that has ended is not asked for again.
    expect((await resumed.status()).state).toBe("done");
    expect(second.transport.requests).toHaveLength(2);
  });

  it("ends the wait on an abort, and past its time, and leaves the work alone", async () => {
    const { provider, transport } = vendor("image", "replicate-images", [
      { json: { id: "p1", status: "starting" } },
      ...Array.from({ length: 50 }, () => ({ json: { id: "p1", status: "starting" } })),
    ]);
    const run = await startRun(provider, imageLaws, { prompt: "A cat" });
    const clock = new VirtualClock();
    const abort = new AbortController();
    const waiting = errorOf(run.result({ clock, signal: abort.signal }));
    await clock.advance(3_000);
    abort.abort();
    expect((await waiting).code).toBe("CANCELLED");
    const late = errorOf(run.result({ clock, timeouts: { totalMs: 5_000 } }));
    await clock.advance(6_000);
    expect((await late).code).toBe("TIMEOUT");
    expect(transport.sent.some((each) => each.includes("cancel"))).toBe(false);
    await run.cancel();
    expect(transport.sent.at(-1)).toBe("POST /predictions/p1/cancel");
  });

  it("reports work that failed, and throws its error from the result", async () => {
    const failed = { json: { id: "j1", status: "error", error: "Audio file is corrupt" } };
    const { provider } = vendor("transcribe", "assemblyai-transcription", [queued, failed, failed]);
    const run = await startRun(provider, transcribeLaws, ask);
    const report = await run.status();
    expect(report).toMatchObject({ state: "failed", error: { code: "INVALID_REQUEST" } });
    expect((await errorOf(run.result())).message).toContain("Audio file is corrupt");
  });

  it("says what to do if it is not possible", async () => {
    const { provider } = vendor("transcribe", "assemblyai-transcription", [queued]);
    const run = await startRun(provider, transcribeLaws, ask);
    expect(await errorOf(run.cancel())).toMatchObject({ code: "UNSUPPORTED_FEATURE" });
    expect((await errorOf(startRun(scripted("chat"), transcribeLaws, ask))).message).toContain("with a job");
    const resume = (handle: object) => () => resumeRun(provider, transcribeLaws, handle as never);
    expect(resume({ ...run.handle, provider: "other" })).toThrow('belongs to the provider "other"');
    expect(resume({ ...run.handle, kind: "image" })).toThrow('of the kind "image"');
    expect(resume({})).toThrow("malformed");
    expect(await errorOf(run.result({ poll: { minMs: 0 } }))).toMatchObject({ code: "CONFIG_ERROR" });
  });
});

describe("an address for a webhook", () => {
  it.each([
    ["fal-images", "fal-ai/flux/dev", { request_id: "j1", status: "IN_QUEUE" }],
    ["replicate-images", "owner/model", { id: "j1", status: "starting" }],
  ] as const)("goes with the request of %s", async (api, model, reply) => {
    const { provider, transport } = vendor("image", api, [{ json: reply }], model);
    const webhook = "https://example.com/hook?a=1";
    const run = await startRun(provider, imageLaws, { prompt: "A cat" }, { webhook });
    expect(run.handle.job.id).toBe("j1");
    const [request] = transport.requests;
    const body = JSON.parse(String(request?.body));
    if (api === "fal-images")
      expect(new URL(request?.url ?? "").searchParams.get("fal_webhook")).toBe(webhook);
    else
      expect(body).toMatchObject({
        webhook,
        webhook_events_filter: ["completed"],
        input: { prompt: "A cat" },
      });
  });

  it("is refused before anything is sent by a vendor that takes none", async () => {
    const { provider, transport } = vendor("transcribe", "assemblyai-transcription", []);
    expect(
      await errorOf(startRun(provider, transcribeLaws, { audio }, { webhook: "https://example.com" })),
    ).toMatchObject({
      code: "UNSUPPORTED_FEATURE",
      local: true,
    });
    expect(transport.requests).toEqual([]);
  });
});
