import fc from "fast-check";
import { describeLaws } from "../../../test/laws/describe-laws.js";
import { only, type State, schema, tool, vendor } from "../../../test/laws/subject.js";
import { object, prose, url, word } from "../../../test/support/arbitrary.js";
import type { ContentPart } from "../../core/values/message.js";
import { client } from "./client/index.js";
import { server } from "./server/index.js";
import { cannot } from "./shared/cannot.js";

const turn = (state: State): fc.Arbitrary<ContentPart[]>[] => [
  fc.tuple(prose, fc.array(fc.tuple(fc.nat(), prose))).map(([text, pages]) => [
    { type: "text", text },
    ...pages.map(([page, quote]) => ({
      type: "source" as const,
      documentId: "3",
      title: "T",
      quote,
      cites: { index: 0 },
      ...state({
        title: "T",
        sourceContent: [{ text: quote }],
        location: { documentPage: { documentIndex: 3, start: page, end: page + 1 } },
      }),
    })),
  ]),
  fc
    .tuple(fc.string(), word)
    .map(([text, signature]) => [{ type: "reasoning", text, ...state({ signature }, "anthropic") }]),
  prose.map((data) => [{ type: "reasoning", text: "", redacted: true, ...state({ data }, "anthropic") }]),
  fc.tuple(word, object, fc.boolean()).map(([id, query, isError]) => [
    {
      type: "tool-call",
      id,
      name: "nova_grounding",
      arguments: query,
      executedBy: "provider",
      ...state({ type: "server_tool_use" }),
    },
    {
      type: "tool-result",
      id,
      content: "found",
      isError,
      executedBy: "provider",
      ...state({ type: "nova_grounding_result" }),
    },
  ]),
  fc
    .tuple(word, word, object)
    .map(([id, name, given]) => [{ type: "tool-call", id, name, arguments: given }]),
];

describeLaws({
  client,
  server,
  cannot,
  provider: "bedrock",
  namesRequests: true,
  model: "us.anthropic.claude-sonnet-4-6",
  honoured: { "responseFormat.strict": only(true), "promptCache.mode": only("marks") },
  // https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ContentBlockDelta.html: no delta for sound.
  tame: (content) => content.filter((part) => part.type !== "audio"),
  // A conversation that used tools must declare some, and documents have names.
  adds: ["tools.function", "responseFormat.name", "user.file.name", "tool.tool-result.file.name"],
  own: (state) => [
    ...turn(state),
    fc.constant([{ type: "image", mediaType: "image/png", data: "aGk=" }]),
    // A citation of the web has no fields but those of its part.
    fc.tuple(prose, url).map(([text, one]) => [
      { type: "text", text },
      { type: "source", url: one, cites: { index: 0 } },
    ]),
  ],
  history: turn,
  asks: [
    { reasoning: {} },
    { reasoning: { effort: "none" } },
    { reasoning: { effort: "high", summary: "auto" } },
    { reasoning: { budgetTokens: 2_000 }, maxTokens: 9_999 },
    { responseFormat: { type: "json-schema", schema: schema, name: "n", description: "d" } },
    { tools: [{ ...tool, strict: true, cache: { ttl: "1h" } }], toolChoice: "auto" },
    { tools: [{ type: "provider", id: "bedrock/nova_grounding" }] },
    { serviceTier: "flex", metadata: { a: "b" } },
    {
      extensions: vendor("bedrock-converse", {
        guardrailConfig: { guardrailIdentifier: "g", guardrailVersion: "1" },
        additionalModelRequestFields: { anthropic_beta: ["x"] },
      }),
    },
    {
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "See this", cache: {} },
            { type: "image", url: "s3://bucket/a.webp", mediaType: "image/webp" },
            { type: "image", data: "aGk=", mediaType: "image/png" },
            { type: "audio", data: "aGk=", mediaType: "audio/wav" },
            { type: "file", data: "aGk=", mediaType: "video/mp4" },
            {
              type: "file",
              data: "aGk=",
              mediaType: "application/pdf",
              name: "A (1).pdf",
              context: "Written in 1999.",
              citations: true,
            },
            { type: "file", data: "aGnDpA==", mediaType: "text/plain", name: "B.txt" },
          ],
        },
      ],
    },
  ],
});
