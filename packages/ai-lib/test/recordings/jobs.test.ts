import { describe, expect, it } from "vitest";
import type { KindApi } from "../../src/apis/index.js";
import { AiLibError } from "../../src/core/errors/error.js";
import { imageLaws } from "../../src/core/kinds/image.js";
import { speakLaws } from "../../src/core/kinds/speak.js";
import { transcribeLaws } from "../../src/core/kinds/transcribe.js";
import type { ImageResponse } from "../../src/core/values/image.js";
import type { TranscribeResponse } from "../../src/core/values/transcription.js";
import { defineProvider } from "../../src/index.js";
import { resumeRun, startRun } from "../../src/jobs/index.js";
import { bodyOf, hasRecordings, type KindCase, kindCases } from "../support/kind-recordings.js";
import { ScriptedTransport, type WireReply } from "../support/scripted-transport.js";

/** The model of each API, in the form that it takes. */
const MODELS: Readonly<Record<string, string>> = {
  "bfl-images": "flux-dev",
  "fal-images": "fal-ai/flux/schnell",
  "fal-transcription": "fal-ai/wizper",
  "replicate-images": "owner/name",
  "replicate-speak": "owner/name",
};

const SOUND = { data: "UklGRg==", mediaType: "audio/wav" };
const WAV: WireReply = { headers: { "content-type": "audio/wav" }, bytes: new Uint8Array([82, 73, 70, 70]) };

function replyOf({ recording }: KindCase): WireReply {
  const { status, headers } = recording.response;
  return { status, headers, bytes: bodyOf(recording) };
}

function providerOf(kind: "image" | "speak" | "transcribe", api: KindApi, replies: readonly WireReply[]) {
  const transport = new ScriptedTransport(replies);
  const model = MODELS[api] ?? "m";
  const provider = defineProvider(
    {
      id: "vendor",
      dialect: "openai-chat",
      chat: false,
      baseUrl: "http://127.0.0.1:1",
      kinds: { [kind]: { api, model } },
    },
    { apiKey: "k", transport },
  );
  return { provider, transport };
}

/** The state of a job in the words of the key. */
const stateOf = (state: string): string => (state === "done" ? "done" : "unfinished");

function checkState({ expected }: KindCase, state: string): void {
  const { state: one, states = [one] } = expected as unknown as { state: string; states?: string[] };
  if (one !== null || expected["states"] !== undefined) expect(states).toContain(stateOf(state));
}

function checkError({ expected }: KindCase, error: unknown): void {
  if (!AiLibError.is(error)) throw error;
  expect([expected.outcome, error.message]).toEqual(["error", error.message]);
  const { status, class: code, classes } = expected.error ?? { status: null, class: null };
  expect(error.status).toBe(status);
  expect(classes ?? [code]).toContain(error.code);
}

interface Images {
  readonly images: readonly { url: string | null; bytes: number | null; mediaType: string | null }[];
  readonly model: string | null;
}

function checkImages({ expected }: KindCase, got: ImageResponse): void {
  const { images, model } = expected as unknown as Images;
  expect(got.images).toHaveLength(images.length);
  images.forEach(({ url, bytes, mediaType }, i) => {
    if (url !== null) expect(got.images[i]?.url).toBe(url);
    if (bytes !== null) expect(Buffer.from(got.images[i]?.data ?? "", "base64")).toHaveLength(bytes);
    if (mediaType !== null) expect(got.images[i]?.mediaType).toBe(mediaType);
  });
  if (typeof model === "string") expect(got.model).toBe(model);
}

async function replayImage(api: KindApi, each: KindCase): Promise<void> {
  const { provider } = providerOf("image", api, [replyOf(each)]);
  const isPoll = each.recording.request?.method === "GET";
  const handle = {
    provider: "vendor",
    kind: "image",
    model: MODELS[api] ?? "m",
    startedAt: 0,
    job: { id: "j" },
  };
  try {
    const report = isPoll
      ? await resumeRun(provider, imageLaws, handle).status()
      : await startRun(provider, imageLaws, { prompt: "A cat" }).then((run) => run.status());
    checkState(each, report.state);
    if (report.state === "done") checkImages(each, report.result);
    else expect(each.expected["count"]).toBe(0);
  } catch (error) {
    checkError(each, error);
  }
}

interface Words {
  readonly text: string;
  readonly language: string | null;
  readonly segments: { readonly count: number; readonly first: readonly number[] } | null;
  readonly words: {
    readonly count: number;
    readonly first: readonly number[];
    readonly last: readonly number[];
  } | null;
  readonly speakers: readonly (string | number)[] | null;
}

function checkTranscript({ expected }: KindCase, got: TranscribeResponse): void {
  const { text, language, segments, words, speakers } = expected as unknown as Words;
  expect(got.text.trim()).toBe(text.trim());
  if (language !== null) expect(got.language).toBe(language);
  if (segments !== null) {
    expect(got.segments).toHaveLength(segments.count);
    expect([got.segments?.[0]?.start, got.segments?.[0]?.end]).toEqual(segments.first);
  }
  if (words !== null) {
    expect(got.words).toHaveLength(words.count);
    expect([got.words?.[0]?.start, got.words?.[0]?.end]).toEqual(words.first);
    expect([got.words?.at(-1)?.start, got.words?.at(-1)?.end]).toEqual(words.last);
  }
  if (speakers !== null)
    expect([...new Set(got.segments?.map(({ speaker }) => speaker))]).toEqual(speakers.map(String));
}

const cases = (api: string) => kindCases(api).map((each) => [each.recording.id, each] as const);
/** Two steps of a job, which are recorded apart; none on a clone without the recordings. */
function steps(
  api: string,
  ...ids: readonly [string, string]
): (readonly [string, readonly [KindCase, KindCase]])[] {
  const all = kindCases(api);
  const [first, second] = ids.map((id) => all.find(({ recording }) => recording.id.includes(id)));
  return first === undefined || second === undefined ? [] : [[api, [first, second]]];
}

describe.each([
  ["bfl", "bfl-images"],
  ["fal-image", "fal-images"],
] as const)("recorded jobs of %s", (recorded, api) => {
  it("are there where recordings are", () => expect(cases(recorded).length > 0).toBe(hasRecordings));
  it.each(cases(recorded))("%s", async (_, each) => replayImage(api, each));
});

describe("recorded predictions of replicate", () => {
  const all = cases("replicate-predictions");
  it("are there where recordings are", () => expect(all.length > 0).toBe(hasRecordings));
  it.each(all.filter(([, { expected }]) => expected["kind"] === "image"))("%s", async (_, each) =>
    replayImage("replicate-images", each),
  );
  it.each(all.filter(([, { expected }]) => expected["kind"] === "speech"))("%s", async (_, each) => {
    const { provider, transport } = providerOf("speak", "replicate-speak", [replyOf(each), WAV]);
    const run = await startRun(provider, speakLaws, { text: "Hello" });
    expect((await run.result()).audio).toEqual(SOUND);
    expect(transport.sent[1]).toBe(`GET ${String(each.expected["url"])}`);
  });
});

describe("recorded downloads of pictures", () => {
  it("are there where recordings are", () => expect(cases("image-download").length > 0).toBe(hasRecordings));
  it.each(cases("image-download"))("%s", async (_, each) => {
    const url = "https://imgen.example/a.jpeg";
    const listed = { json: { data: [{ url, revised_prompt: "" }] } };
    const { provider, transport } = providerOf("image", "xai-images", [listed, replyOf(each)]);
    checkImages(each, await provider.image({ prompt: "A cat", bytes: true }));
    expect(transport.sent[1]).toBe(`GET ${url}`);
  });
});

describe("recorded transcripts of fal", () => {
  it("are there where recordings are", () =>
    expect(cases("fal-transcription").length > 0).toBe(hasRecordings));
  it.each(cases("fal-transcription"))("%s", async (_, each) => {
    const { provider } = providerOf("transcribe", "fal-transcription", [replyOf(each)]);
    try {
      checkTranscript(each, await provider.transcribe({ audio: SOUND }));
    } catch (error) {
      checkError(each, error);
    }
  });
});

describe("recorded steps of a transcript", () => {
  const gladia = steps("gladia", "gladia-upload", "gladia-initiate");
  const revai = steps("revai", "revai-job-submit", "revai-transcript");
  it("are there where recordings are", () =>
    expect([gladia.length, revai.length]).toEqual(hasRecordings ? [1, 1] : [0, 0]));

  it.each(gladia)("of %s: the upload and the start", async (_, [uploaded, started]) => {
    const { provider, transport } = providerOf("transcribe", "gladia-transcription", [
      replyOf(uploaded),
      replyOf(started),
    ]);
    const run = await startRun(provider, transcribeLaws, { audio: SOUND });
    checkState(started, "pending");
    expect(transport.sent).toEqual(["POST /upload", "POST /pre-recorded"]);
    expect(String(transport.requests[1]?.body)).toContain(uploaded.expected["uploadUrl"]);
    expect(run.handle.job.id).toBe(JSON.parse(started.recording.response.body ?? "{}").id);
  });

  it.each(revai)("of %s: the job and its transcript", async (_, [submitted, transcript]) => {
    const { provider } = providerOf("transcribe", "revai-transcription", [
      replyOf(submitted),
      { json: { id: "test-id", status: "transcribed", language: submitted.expected["language"] } },
      replyOf(transcript),
    ]);
    const run = await startRun(provider, transcribeLaws, { audio: SOUND, speakers: true });
    expect(run.handle.job.id).toBe("test-id");
    const got = await run.result();
    checkTranscript(transcript, got);
    expect(got.language).toBe(submitted.expected["language"]);
  });
});
