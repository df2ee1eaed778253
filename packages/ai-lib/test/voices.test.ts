import { describe, expect, it } from "vitest";
import {
  AiClient,
  AiLibError,
  defineChatProvider,
  defineProvider,
  failover,
  type ProviderData,
  type ProviderOptions,
  provider,
  type Transport,
  type TransportRequest,
} from "../src/index.js";
import { aiFetch } from "../src/interop/fetch.js";

interface Answer {
  readonly status?: number;
  readonly type?: string;
  readonly body: string;
}

const SOUND: Answer = { type: "audio/mpeg", body: "sound" };

/** A transport that keeps its requests and answers with what a function returns for each. */
function answering(answer: (request: TransportRequest) => Answer): Transport & { sent: TransportRequest[] } {
  const sent: TransportRequest[] = [];
  return {
    sent,
    open(request, sink) {
      sent.push(request);
      const { status = 200, type = "application/json", body } = answer(request);
      queueMicrotask(() => {
        sink.head(status, { "content-type": type });
        sink.data(Buffer.from(body));
        sink.end();
      });
      return { pause() {}, resume() {}, abort: () => undefined };
    },
  };
}

const refusing = (message: string) =>
  answering(() => ({ status: 400, body: JSON.stringify({ error: { message, param: "voice" } }) }));

const make = (id: string, transport: Transport, options: ProviderOptions = {}) =>
  provider(id, { apiKey: "k", transport, ...options });

const bodyOf = (request: TransportRequest | undefined) => JSON.parse(String(request?.body ?? "{}"));

async function errorOf(answer: Promise<unknown>): Promise<AiLibError> {
  const error = await answer.catch((reason: unknown) => reason);
  if (AiLibError.is(error)) return error;
  throw new Error("nothing was refused");
}

describe("a voice for each of several vendors", () => {
  const voice = { openai: "nova", elevenlabs: "JBFqnCBsd6RMkjVDRZzb", "groq/other": "diana" };

  it("is the target's own, whichever answers", async () => {
    const broken = answering(() => ({ status: 503, body: "{}" }));
    const spoken = answering(() => SOUND);
    const client = new AiClient(failover([make("openai", broken), make("elevenlabs", spoken)]));
    const answer = await client.speak({ text: "Hello", voice }, { maxRepeats: 0 });
    expect(bodyOf(broken.sent[0])).toMatchObject({ voice: "nova" });
    expect(spoken.sent[0]?.url).toContain("/text-to-speech/JBFqnCBsd6RMkjVDRZzb");
    expect(answer).toMatchObject({ provider: "elevenlabs", warnings: [] });
  });

  it("may be of one model: `provider/model` comes before the provider", async () => {
    const spoken = answering(() => SOUND);
    const groq = make("groq", spoken);
    await groq.speak({ text: "a", voice: { ...voice, groq: "troy" }, model: "other" });
    await groq.speak({ text: "a", voice: { ...voice, groq: "troy" } });
    expect(spoken.sent.map((request) => bodyOf(request).voice)).toEqual(["diana", "troy"]);
  });

  it("is the default one of a target that the table lacks, with a warning, and a refusal for strict calls", async () => {
    const spoken = answering(() => SOUND);
    const mistral = make("mistral", spoken);
    const { warnings } = await mistral.speak({ text: "a", voice });
    expect(bodyOf(spoken.sent[0])).toMatchObject({ voice_id: "en_paul_neutral" });
    expect(warnings).toMatchObject([{ code: "changed", field: "voice" }]);
    expect(warnings[0]?.message).toMatch(/none for mistral.*openai, elevenlabs/);
    const error = await errorOf(mistral.speak({ text: "a", voice }, { strict: true }));
    expect(error).toMatchObject({ code: "UNSUPPORTED_FEATURE", local: true });
    expect(spoken.sent).toHaveLength(1);
  });

  it("may have a name of your own, which each provider maps to its voice", async () => {
    const spoken = answering(() => SOUND);
    const names = { openai: { narrator: "nova" }, elevenlabs: { narrator: "JBFqnCBsd6RMkjVDRZzb" } };
    await make("openai", spoken, { voices: names.openai }).speak({ text: "a", voice: "narrator" });
    await make("elevenlabs", spoken, { voices: names.elevenlabs }).speak({ text: "a", voice: "narrator" });
    await make("openai", spoken, { voices: names.openai }).speak({ text: "a", voice: "constructor" });
    expect(bodyOf(spoken.sent[0]).voice).toBe("nova");
    expect(spoken.sent[1]?.url).toContain("/text-to-speech/JBFqnCBsd6RMkjVDRZzb");
    expect(bodyOf(spoken.sent[2]).voice).toBe("constructor");
  });

  it("reaches a provider of your own as one name, also in a stream", async () => {
    const heard: unknown[] = [];
    const own = defineChatProvider({
      name: "own",
      kinds: {
        speak(request) {
          heard.push(request.voice);
          return { audio: { data: "AAAA", mediaType: "audio/mpeg" } };
        },
      },
    });
    await own.speak({ text: "a", voice: { own: "mine" } });
    await own.streamSpeech({ text: "a", voice: { other: "theirs" } }).response();
    expect(heard).toEqual(["mine", undefined]);
  });

  it("is checked before anything is sent", async () => {
    const spoken = answering(() => SOUND);
    for (const wrong of ["", {}, { openai: "" }, { openai: 1 }, ["nova"], 7]) {
      const error = await errorOf(make("openai", spoken).speak({ text: "a", voice: wrong as never }));
      expect(error).toMatchObject({ code: "INVALID_REQUEST", local: true });
      expect(error.message).toMatch(/`voice` must be the name of a voice, or an object/);
    }
    expect(spoken.sent).toEqual([]);
    expect(() => make("openai", spoken, { voices: { narrator: "" } })).toThrow(/voices must be an object/);
  });
});

it("translates the bytes of a client whose voice has another name at the provider, and passes others", async () => {
  const spoken = answering(() => SOUND);
  const fetch = aiFetch(make("openai", spoken, { voices: { nova: "coral" } }));
  const ask = (voice: string) =>
    fetch("https://api.openai.com/v1/audio/speech", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "gpt-4o-mini-tts", input: "a", voice, of_tomorrow: true }),
    });
  for (const voice of ["nova", "ash"]) expect((await ask(voice)).status).toBe(200);
  const bodies = spoken.sent.map(({ body }) => JSON.parse(Buffer.from(body as Uint8Array).toString()));
  expect(bodies).toMatchObject([{ voice: "coral" }, { voice: "ash", of_tomorrow: true }]);
});

describe("a voice that the target does not have", () => {
  it.each([
    ["openai", "nvoa", /did you mean "nova"\? openai has alloy, .*, and those of your account/],
    [
      "groq",
      "dianna",
      /did you mean "diana"\? groq has autumn, diana, hannah, austin, daniel, troy; or leave/,
    ],
    ["groq", "alloy", /"alloy" may be another vendor's: groq has autumn, .* troy; or leave/],
    ["xai", "evee", /did you mean "eve"/],
  ])("%s: the refusal of %s names near ones", async (id, voice, says) => {
    const error = await errorOf(make(id, refusing(`Invalid voice '${voice}'`)).speak({ text: "a", voice }));
    expect(error).toMatchObject({ code: "INVALID_REQUEST", local: false });
    expect(error.message).toMatch(says);
  });

  it("knows the voices of a model that has its own", async () => {
    const groq = make("groq", refusing("voice must be one of [abdullah]"));
    const error = await errorOf(
      groq.speak({ text: "a", voice: "nora", model: "canopylabs/orpheus-arabic-saudi" }),
    );
    expect(error.message).toMatch(/did you mean "noura"/);
  });

  it("names the voice that was sent, of a table", async () => {
    const error = await errorOf(
      make("openai", refusing("Invalid voice")).speak({ text: "a", voice: { openai: "novo" } }),
    );
    expect(error.message).toMatch(/did you mean "nova"/);
  });
});

it("sends the customer's own voices of OpenAI as objects", async () => {
  const spoken = answering(() => SOUND);
  await make("openai", spoken).speak({ text: "a", voice: "voice_1234" });
  expect(bodyOf(spoken.sent[0]).voice).toEqual({ id: "voice_1234" });
});

describe("listVoices", () => {
  const LISTS: Readonly<Record<string, readonly (readonly [path: string, body: object])[]>> = {
    elevenlabs: [
      [
        "/v1/voices",
        { voices: [{ voice_id: "v1", name: "Rachel", labels: { language: "en" } }, { name: "no id" }, 7] },
      ],
    ],
    xai: [["/v1/tts/voices", { voices: [{ voice_id: "v1", name: "Eve" }] }]],
    deepgram: [
      [
        "/v1/models",
        { stt: [{ canonical_name: "nova-3" }], tts: [{ canonical_name: "v1", name: "x", language: "en" }] },
      ],
    ],
    cartesia: [
      ["/voices?limit=100", { data: [{ id: "v1", name: "A", language: "en" }], has_more: true }],
      ["/voices?limit=100&starting_after=v1", { data: [{ id: "v2", name: "B" }], has_more: false }],
    ],
    mistral: [
      [
        "/v1/audio/voices?limit=100&offset=0",
        { items: [{ id: "v1", name: "A", languages: ["en"] }], total: 2 },
      ],
      ["/v1/audio/voices?limit=100&offset=1", { items: [{ id: "v2", name: "B" }], total: 2 }],
    ],
  };

  it.each(Object.keys(LISTS))("reads those of %s, page by page", async (id) => {
    const pages = LISTS[id] ?? [];
    const listed = answering(({ url }) => {
      const page = pages.find(([path]) => new URL(url).pathname + new URL(url).search === path);
      return { body: JSON.stringify(page?.[1] ?? {}) };
    });
    const voices = await make(id, listed).listVoices();
    expect(voices.map((voice) => voice.id)).toEqual(pages.length === 1 ? ["v1"] : ["v1", "v2"]);
    expect(voices.every((voice) => voice.provider === id)).toBe(true);
    expect(listed.sent).toHaveLength(pages.length);
  });

  it("ends with a list that never does", async () => {
    let page = 0;
    const endless = answering(() => ({
      body: JSON.stringify({ data: [{ id: `v${page++}` }], has_more: true }),
    }));
    expect(await make("cartesia", endless).listVoices()).toHaveLength(50);
  });

  it("is the provider's data if no API lists them, and says of which models they are", async () => {
    const silent = answering(() => ({ status: 500, body: "" }));
    const voices = await make("groq", silent).listVoices();
    expect(voices[0]).toEqual({ id: "autumn", provider: "groq" });
    expect(voices.find(({ id }) => id === "fahad")?.models).toEqual(["canopylabs/orpheus-arabic-*"]);
    expect(silent.sent).toEqual([]);
  });

  it("joins those of a chain, and leaves out members that have none", async () => {
    const chain = failover([
      make(
        "groq",
        answering(() => SOUND),
      ),
      make(
        "openai",
        answering(() => SOUND),
      ),
      make(
        "anthropic",
        answering(() => SOUND),
      ),
    ]);
    const voices = await new AiClient(chain).listVoices();
    expect(new Set(voices.map((voice) => voice.provider))).toEqual(new Set(["groq", "openai"]));
    const error = await errorOf(
      make(
        "anthropic",
        answering(() => SOUND),
      ).listVoices(),
    );
    expect(error).toMatchObject({ code: "UNSUPPORTED_FEATURE", local: true });
  });
});

it("checks the voices of a provider's data", () => {
  const labs = (speak: object): ProviderData =>
    ({ id: "labs", dialect: "openai-chat", baseUrl: "https://x.example", kinds: { speak } }) as ProviderData;
  expect(() => defineProvider(labs({ voices: { names: ["a"], more: true } }), { apiKey: "k" })).not.toThrow();
  expect(() => defineProvider(labs({ voices: { more: true } }), { apiKey: "k" })).toThrow(/"names"/);
  const embed = { ...labs({}), kinds: { embed: { voices: { names: ["a"] } } } } as unknown as ProviderData;
  expect(() => defineProvider(embed, { apiKey: "k" })).toThrow(/"voices", which is unknown/);
});
