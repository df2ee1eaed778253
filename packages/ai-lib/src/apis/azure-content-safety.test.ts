import { describe, expect, it } from "vitest";
import type { ModerateReply } from "../core/values/moderation.js";
import { codec } from "./azure-content-safety.js";

const target = { provider: "azure-content-safety", model: "content-safety", quirks: {}, now: 0 };

function decode(body: object, extensions?: object): ModerateReply {
  const reply = { status: 200, headers: {}, body: JSON.stringify(body) };
  return codec.decode(reply, target, { inputs: ["a"], ...extensions });
}

describe("Azure AI Content Safety", () => {
  it("judges a text or a picture in each request", () => {
    const picture = [{ type: "image" as const, data: "AAAA", mediaType: "image/png" }];
    const pieces = codec.pieces?.cut({ inputs: ["a", picture] }, target) ?? [];
    const sent = pieces.map((piece) => codec.encode(piece, target).http);
    expect(sent.map(({ path, body }) => [path, JSON.parse(body ?? "")])).toEqual([
      ["/text:analyze", { text: "a" }],
      ["/image:analyze", { image: { content: "AAAA" } }],
    ]);
    expect(() => codec.encode({ inputs: ["a".repeat(10_001)] }, target)).toThrow(/cut it into several/);
  });

  it("makes scores of severities, and flags all but safe content", () => {
    const categoriesAnalysis = [
      { category: "Hate", severity: 0 },
      { category: "Violence", severity: 6 },
    ];
    const { verdicts } = decode({ blocklistsMatch: [], categoriesAnalysis });
    expect(verdicts).toEqual([
      {
        flagged: true,
        categories: { Hate: false, Violence: true },
        scores: { Hate: 0, Violence: 1 },
      },
    ]);
    const eight = { extensions: { "azure-content-safety": { outputType: "EightSeverityLevels" } } };
    expect(
      decode({ categoriesAnalysis: [{ category: "Hate", severity: 7 }] }, eight).verdicts[0]?.scores,
    ).toEqual({
      Hate: 1,
    });
    expect(
      decode({ categoriesAnalysis: [], blocklistsMatch: [{ blocklistName: "b" }] }).verdicts[0]?.flagged,
    ).toBe(true);
    expect(() => decode({})).toThrow(/no analysis/);
  });

  it("joins the verdicts in order", () => {
    const verdict = { flagged: false, categories: {}, scores: {} };
    const other = { ...verdict, flagged: true };
    expect(codec.pieces?.join([{ verdicts: [verdict] }, { verdicts: [other] }])).toEqual({
      verdicts: [verdict, other],
    });
  });
});
