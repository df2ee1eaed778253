import { describe, expect, it } from "vitest";
import type { Call } from "../../core/contract/call.js";
import type { Flow, Sink } from "../../core/contract/sink.js";
import { embedLaws } from "../../core/kinds/embed.js";
import { Wrapper } from "../../core/run/compose.js";
import { openMember } from "../../core/run/member.js";
import type { EmbedReply } from "../../core/values/embedding.js";
import { cache, retry } from "../../resilience/index.js";
import { failover } from "../../strategies/index.js";
import { scripted } from "../scripted.js";
import { type ConformanceOptions, conformance } from "./conformance.js";
import { KIND_SAMPLES } from "./kind-samples.js";

/** The names of the cases of the group that fail, and of how many. */
async function failures(
  provider: Parameters<typeof conformance>[0],
  options: ConformanceOptions = {},
): Promise<{ count: number; failed: string[] }> {
  const cases = conformance(provider, { groups: ["kinds"], promptMs: 200, answerMs: 300, ...options });
  const failed: string[] = [];
  for (const { name, run } of cases)
    await run().catch((error: Error) => failed.push(`${name}: ${error.message}`));
  return { count: cases.length, failed };
}

const embedder = (reply?: EmbedReply) =>
  reply === undefined
    ? scripted<"embed">({ name: "e", kinds: ["chat", "embed", "moderate"] })
    : scripted<"embed">({ name: "e", kinds: ["embed"], replies: [{ reply }] });

/** A wrapper with one fault in how it ends calls. */
class Faulty extends Wrapper {
  constructor(private readonly fault: "twice" | "early" | "deaf") {
    super("faulty", embedder());
  }

  open(call: Call, sink: Sink): Flow {
    const flow = openMember(this.inner, call, {
      event: (event) => sink.event(event),
      finish: (response) => {
        sink.finish(response);
        if (this.fault === "twice") sink.finish(response);
      },
      fail: (error) => sink.fail(error),
    });
    if (this.fault === "early") sink.finish({} as never);
    return flow;
  }
}

describe("the conformance of kinds besides chat", () => {
  it("is checked for each kind that the provider answers, and passes for one that is right", async () => {
    expect(await failures(embedder())).toEqual({ count: 6, failed: [] });
    expect(await failures(failover([retry(embedder()), scripted("chat")]))).toEqual({ count: 6, failed: [] });
    expect((await failures(scripted("chat"))).count).toBe(0);
    const vectors = scripted<"embed">({ name: "v", kinds: ["embed"] });
    expect(conformance(vectors).map(({ group }) => group)).toEqual(["kinds", "kinds", "kinds"]);
  });

  it.each([
    ["too few vectors", embedder({ embeddings: [[1, 2]] }), "2 texts have 1 vectors"],
    [
      "vectors of different lengths",
      embedder({ embeddings: [[1, 2], [3]] }),
      "does not consist of 2 numbers",
    ],
    ["a second ending", new Faulty("twice"), "ended with: finish, finish"],
    ["an ending before open has returned", new Faulty("early"), "finish before open had returned"],
    [
      "no answer",
      scripted({ name: "e", kinds: ["embed"], replies: [{ silent: true }] }),
      "did not come within 300 ms",
    ],
  ])("fails for %s", async (_, provider, message) => {
    const { failed } = await failures(provider);
    expect(failed.filter((each) => each.startsWith("embed")).join("\n")).toContain(message);
  });

  it.each(KIND_SAMPLES)(
    "checks $laws.kind, and a provider that answers it right conforms",
    async ({ laws }) => {
      const provider = scripted({ name: "s", kinds: [laws.kind] });
      expect(await failures(provider)).toEqual({ count: 3, failed: [] });
    },
  );

  it.each([
    ["rerank", { results: [{ index: 7, score: 1 }] }, "names a document that the request does not have"],
    ["countTokens", { inputTokens: 0 }, "the count of a text is 0"],
    ["speak", { audio: { data: "", mediaType: "audio/mpeg" } }, "the sound is empty"],
    ["speak", { audio: { data: "AAAA", mediaType: "text/html" } }, 'the media type "text/html"'],
    ["image", { images: [] }, "there is no picture"],
    ["ocr", { pages: [] }, "the document has no page"],
    ["decide", { decisions: [] }, "one question has 0 decisions"],
  ] as const)("%s: fails for %o", async (kind, reply, message) => {
    const provider = scripted({ name: "s", kinds: [kind], replies: [{ reply: reply as never }] });
    expect((await failures(provider)).failed.join("\n")).toContain(message);
  });

  it("takes samples of its user's, such as one that names a model", async () => {
    const asked = { model: "m-1", inputs: ["x"] };
    const provider = embedder();
    const wrong = () => "nothing is right";
    const { failed } = await failures(cache(provider), {
      kinds: [{ laws: embedLaws, request: asked, check: wrong }],
    });
    expect(provider.requests[0]).toEqual(asked);
    expect(failed).toContainEqual(expect.stringContaining("nothing is right"));
    expect(() => conformance(provider, { groups: ["kind"] as never })).toThrow('There is no group "kind"');
  });
});
