import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Cannot, ClientHalf, ServerHalf } from "../../src/core/contract/dialect.js";
import type { ChatResponse } from "../../src/core/values/chat-response.js";
import { framesFor, replayBody, replayFrames, responseOf, targetFor } from "../support/halves.js";
import type { Outcome } from "../support/recordings.js";

interface Dialect {
  readonly id: string;
  readonly client: ClientHalf;
  readonly server: ServerHalf;
  readonly cannot: Cannot;
}

const folder = new URL("../../src/dialects/", import.meta.url);
const dialects: Dialect[] = [];
for (const { name: id } of readdirSync(folder, { withFileTypes: true })) {
  if (
    !existsSync(new URL(`${id}/client/index.ts`, folder)) ||
    !existsSync(new URL(`${id}/server/index.ts`, folder))
  )
    continue;
  const { client } = (await import(`../../src/dialects/${id}/client/index.ts`)) as { client: ClientHalf };
  const { server } = (await import(`../../src/dialects/${id}/server/index.ts`)) as { server: ServerHalf };
  const { cannot } = (await import(`../../src/dialects/${id}/shared/cannot.ts`)) as { cannot: Cannot };
  dialects.push({ id, client, server, cannot });
}

/** An answer with everything that the matrix looks at. */
const answer = responseOf(
  [
    { type: "reasoning", text: "The user greets me." },
    { type: "text", text: "It is 25 degrees in Paris." },
    { type: "source", url: "https://weather.example/paris", title: "Weather", cites: { index: 1 } },
    { type: "tool-call", id: "call12345", name: "weather", arguments: { city: "Rome", days: [1, 2] } },
    { type: "tool-call", id: "call67890", name: "time", arguments: {} },
  ],
  {
    id: "answer-1",
    model: "m",
    finishReason: "tool-calls",
    usage: {
      inputTokens: 100,
      outputTokens: 50,
      cachedInputTokens: 40,
      cacheWriteInputTokens: 10,
      reasoningTokens: 20,
    },
  },
);
const refused = responseOf([{ type: "text", text: "No." }], { finishReason: "content-filter" });
const cut = responseOf([{ type: "text", text: "It is" }], { finishReason: "length" });

const decoded = { whole: throughWhole, streamed: throughStream } as const;

function throughWhole({ client, server }: Dialect, response: ChatResponse): ChatResponse {
  return settled(replayBody(client, targetFor("p"), server.encode(response, { id: "x", created: 0 }).body));
}

function throughStream({ client, server }: Dialect, response: ChatResponse): ChatResponse {
  return settled(replayFrames(client, targetFor("p"), framesFor(server, response)).outcome);
}

function settled(outcome: Outcome | undefined): ChatResponse {
  if (outcome === undefined || "error" in outcome) throw outcome?.error ?? new Error("no ending");
  return outcome.response;
}

/** What crosses, one entry a thing that can be lost by itself. */
function facts(response: ChatResponse): Readonly<Record<string, unknown>> {
  const { usage, content, toolCalls, finishReason, text, reasoningText } = response;
  const sources = content.flatMap((part) => (part.type === "source" ? [part] : []));
  return {
    text,
    reasoning: reasoningText,
    calls: toolCalls.map(({ name, arguments: given }) => ({ name, given })),
    "call ids": toolCalls.map(({ id }) => id),
    "finish reason": finishReason,
    "input and output tokens": [usage.inputTokens, usage.outputTokens],
    "cached tokens": usage.cachedInputTokens ?? 0,
    "cache writes": usage.cacheWriteInputTokens ?? 0,
    "reasoning tokens": usage.reasoningTokens ?? 0,
    sources: sources.map(({ url }) => url),
    "source titles": sources.map(({ title }) => title),
  };
}

/** Names of what is not the same on the other side. */
function lostBetween(before: ChatResponse, after: ChatResponse): string[] {
  const told = facts(after);
  return Object.entries(facts(before))
    .filter(([name, value]) => JSON.stringify(told[name]) !== JSON.stringify(value))
    .map(([name]) => name);
}

/** What a reply of one dialect loses on its way through another; the same whole and streamed, or it is named twice. */
function losses(from: Dialect, to: Dialect): string {
  const found = (["whole", "streamed"] as const).map((mode) =>
    [answer, refused, cut].flatMap((one) => {
      const first = decoded[mode](from, one);
      return lostBetween(first, decoded[mode](to, first));
    }),
  );
  const [whole = [], streamed = []] = found.map((one) => [...new Set(one)]);
  const both = whole.filter((name) => streamed.includes(name));
  const only = (names: string[], mode: string) =>
    names.filter((name) => !both.includes(name)).map((name) => `${name} (${mode})`);
  return [...both, ...only(whole, "whole"), ...only(streamed, "streamed")].join(", ");
}

const BEGIN = "<!-- dialects: written by `npm run generate:dialects` -->";
const END = "<!-- /dialects -->";
const page = fileURLToPath(new URL("../../../../docs/dialects.md", import.meta.url));

function written(): string {
  const head = ["from \\ to", ...dialects.map(({ id }) => `\`${id}\``)];
  const rows = dialects.map((from) => [
    `\`${from.id}\``,
    ...dialects.map((to) => losses(from, to) || "all crosses"),
  ]);
  const matrix = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  const lists = dialects.map(({ id, cannot }) => {
    const entries = Object.entries(cannot).map(
      ([path, why]) => `| \`${path}\` | ${why.replaceAll("|", "\\|")} |`,
    );
    return [`### ${id}`, "", "| field | why |", "| --- | --- |", ...entries].join("\n");
  });
  return [
    "## What a reply loses when it is relayed",
    "",
    matrix,
    "",
    "## What each dialect cannot carry",
    "",
    lists.join("\n\n"),
  ].join("\n");
}

describe("a reply that is relayed from one dialect to another", () => {
  const pairs = dialects.flatMap((from) => dialects.map((to) => [from, to] as const));
  it.each(pairs.map(([from, to]) => [from.id, to.id, from, to] as const))(
    "keeps its text, calls, finish reason and token totals: %s to %s",
    (_from, _to, from, to) => {
      const kept = ["text", "calls", "finish reason", "input and output tokens"];
      const lost = losses(from, to).split(", ");
      expect(kept.filter((name) => lost.some((one) => one.startsWith(name)))).toEqual([]);
    },
  );
});

it.each(dialects)("$id is held to the laws", ({ id }) => {
  expect(existsSync(new URL(`${id}/laws.test.ts`, folder))).toBe(true);
});

it("is described as it is by docs/dialects.md; else run `npm run generate:dialects`", async () => {
  const text = readFileSync(page, "utf8");
  const [before, rest = ""] = text.split(BEGIN);
  const [, after] = rest.split(END);
  expect(after).toBeDefined();
  await expect(`${before}${BEGIN}\n\n${written()}\n\n${END}${after}`).toMatchFileSnapshot(page);
});
