import { describe, expect, it } from "vitest";
import type { DialectId } from "../../src/core/contract/dialect.js";
import { AiLibError } from "../../src/core/errors/error.js";
import { defineProvider } from "../../src/index.js";
import { bodyOf, hasRecordings, kindCases } from "../support/kind-recordings.js";
import { memoryTransport } from "../support/memory-transport.js";

const APIS: Readonly<Record<string, DialectId>> = {
  "openai-models": "openai-chat",
  "heroku-models": "openai-chat",
  "anthropic-models": "anthropic-messages",
  "gemini-models": "gemini",
  "ollama-tags": "ollama-chat",
};

describe.each(Object.entries(APIS))("recorded lists of %s", (api, dialect) => {
  // Lists alone: a single model is found in them.
  const cases = kindCases(api).filter(
    ({ expected }) => expected["form"] === "list" || expected.outcome === "error",
  );
  it("are there where recordings are", () =>
    expect(cases.length > 0).toBe(hasRecordings || cases.length > 0));
  it.each(cases.map((each) => [each.recording.id, each] as const))(
    "%s",
    async (_, { recording, expected }) => {
      const { status, headers } = recording.response;
      const provider = defineProvider(
        { id: recording.label, dialect, baseUrl: "http://127.0.0.1:1" },
        { apiKey: "k", transport: memoryTransport({ status, headers, body: bodyOf(recording) }) },
      );
      const got = await provider.listModels().catch((error: unknown) => error);
      if (got instanceof AiLibError) {
        expect([expected.outcome, got.status, got.code]).toEqual([
          "error",
          expected.error?.status,
          expected.error?.class,
        ]);
        return;
      }
      const ids = (got as { id: string }[]).map(({ id }) => id);
      // Gemini's names begin with the collection, which requests leave out.
      const plain = (id: unknown) => String(id).replace(/^models\//, "");
      expect([ids.length, ids[0], ids.at(-1)]).toEqual([
        expected["count"],
        plain(expected["first"]),
        plain(expected["last"]),
      ]);
    },
  );
});
