import fc from "fast-check";
import { describeLaws } from "../../../test/laws/describe-laws.js";
import { hello, only, schema, tool, vendor } from "../../../test/laws/subject.js";
import { object, prose, url, word } from "../../../test/support/arbitrary.js";
import { client } from "./client/index.js";
import { server } from "./server/index.js";
import { cannot } from "./shared/cannot.js";

describeLaws({
  client,
  server,
  cannot,
  provider: "anthropic",
  namesRequests: true,
  model: "claude-sonnet-4-6",
  honoured: { "responseFormat.strict": only(true), "promptCache.mode": only("marks") },
  // Vendor fields of a call are those of its block, as whose state a server reads them.
  adds: [
    "maxTokens",
    "promptCache.mode",
    "reasoning.budgetTokens",
    // The text of a failed result with media.
    /The tool failed:/,
    /"family":"anthropic"/,
  ],
  own: (state) => [
    fc.tuple(prose, fc.array(fc.tuple(prose, url, word))).map(([text, quotes]) => [
      { type: "text", text },
      ...quotes.map(([quote, url, secret]) => ({
        type: "source" as const,
        url,
        quote,
        cites: { index: 0 },
        ...state({
          type: "web_search_result_location",
          url,
          title: null,
          cited_text: quote,
          encrypted_index: secret,
        }),
      })),
    ]),
    fc
      .tuple(fc.string(), word)
      .map(([text, signature]) => [{ type: "reasoning", text, ...state({ signature }) }]),
    word.map((data) => [{ type: "reasoning", text: "", redacted: true, ...state({ data }) }]),
    prose.map((content) => [
      { type: "compaction", text: content, ...state({ block: { type: "compaction", content } }) },
    ]),
    fc.tuple(word, word, object, fc.boolean()).map(([id, name, given, caller]) => [
      {
        type: "tool-call",
        id,
        name,
        arguments: given,
        ...(caller && state({ caller: { type: "code_execution_20250825" } })),
      },
    ]),
    fc.tuple(word, object, fc.boolean(), fc.boolean(), object).map(([id, query, mcp, isError, found]) => [
      {
        type: "tool-call",
        id,
        name: "search",
        arguments: query,
        executedBy: "provider",
        ...state(mcp ? { type: "mcp_tool_use", server_name: "x" } : { type: "server_tool_use" }),
      },
      {
        type: "tool-result",
        id,
        content: mcp ? [{ type: "text", text: "found" }] : JSON.stringify(found),
        ...(mcp && { isError }),
        executedBy: "provider",
        ...state({ type: mcp ? "mcp_tool_result" : "web_search_tool_result" }),
      },
    ]),
    word.map((id) => [
      { type: "file", uploaded: { provider: "anthropic", id }, ...state({ type: "container_upload" }) },
    ]),
  ],
  asks: [
    { reasoning: {} },
    { promptCache: { mode: "auto", ttl: "1h", compareWith: "msg_1" } },
    { contextManagement: { compactAt: 50_000, clearToolResults: { at: 30_000, keep: 3 } } },
    { contextManagement: { clearToolResults: {} } },
    { reasoning: { effort: "none" } },
    { reasoning: { effort: "high", summary: "auto" } },
    { reasoning: { budgetTokens: 2_000 }, maxTokens: 9_999 },
    { responseFormat: { type: "json-schema", schema: schema } },
    {
      tools: [
        {
          ...tool,
          strict: true,
          cache: { ttl: "1h" },
          examples: [{ city: "Rome" }],
          deferLoading: true,
          eager: true,
          callers: ["model"],
          extensions: vendor("anthropic-messages", { future: 1 }),
        },
        { type: "provider", id: "anthropic/web_search_20250305", options: { max_uses: 3 } },
        { type: "provider", id: "anthropic/text_editor_20250728" },
        { type: "provider", id: "anthropic/mcp_toolset", options: { mcp_server_name: "x" }, cache: {} },
      ],
      toolChoice: "none",
    },
    {
      extensions: vendor("anthropic-messages", {
        container: "c",
        betas: ["skills-2025-10-02"],
        metadata: { more: 1 },
      }),
    },
    { messages: [{ role: "system", content: [{ type: "text", text: "s", cache: { ttl: "5m" } }] }, hello] },
    {
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "x", extensions: vendor("anthropic-messages", { context: { a: null } }) },
            { type: "image", url: "https://example.com/a" },
            { type: "image", data: "aGk=", mediaType: "image/png" },
            {
              type: "file",
              data: "aGk=",
              mediaType: "application/pdf",
              name: "a.pdf",
              context: "Of 1999.",
              citations: true,
            },
            { type: "file", data: "aGnDpA==", mediaType: "text/plain" },
            { type: "file", uploaded: { provider: "anthropic", id: "f1" } },
            { type: "image", uploaded: { provider: "anthropic", id: "f2" } },
          ],
        },
      ],
    },
  ],
});
