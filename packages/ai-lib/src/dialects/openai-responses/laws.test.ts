import fc from "fast-check";
import { describeLaws } from "../../../test/laws/describe-laws.js";
import type { State } from "../../../test/laws/subject.js";
import { only, schema, textTool, tool, vendor } from "../../../test/laws/subject.js";
import { logprobs, object, prose, url, word } from "../../../test/support/arbitrary.js";
import type { ContentPart } from "../../core/values/message.js";
import { client } from "./client/index.js";
import { server } from "./server/index.js";
import { cannot } from "./shared/cannot.js";

const done = { status: "completed" };

const turn = (state: State): fc.Arbitrary<ContentPart[]>[] => [
  fc.tuple(prose, word, url, prose, fc.boolean()).map(([text, id, one, title, named]) => [
    {
      type: "text",
      text,
      ...(named && {
        phase: "final-answer",
        ...state({ type: "message", id, ...done, phase: "final_answer" }),
      }),
    },
    { type: "source", url: one, title, cites: { index: 0, start: 0, end: 1 } },
    {
      type: "source",
      documentId: id,
      title,
      cites: { index: 0, start: 1, end: 2 },
      ...state({ type: "file_citation", index: 1 }),
    },
  ]),
  prose.map((text) => [{ type: "refusal", text }]),
  fc.tuple(prose, word, fc.boolean()).map(([text, id, open]) => [
    {
      type: "reasoning",
      text: open ? text : "",
      ...state({
        type: "reasoning",
        id,
        ...(open ? { place: "content" } : { encrypted_content: `cipher-${id}` }),
      }),
    },
  ]),
  word.map((id) => [
    { type: "reasoning", text: "", redacted: true, ...state({ type: "compaction_trigger", id }) },
  ]),
  word.map((id) => [{ type: "compaction", ...state({ type: "compaction", id, encrypted_content: "c" }) }]),
  fc.tuple(word, word, object, fc.boolean()).map(([id, name, given, named]) => [
    {
      type: "tool-call",
      id,
      name,
      arguments: given,
      ...(named && state({ type: "function_call", id: `fc_${id}`, ...done })),
    },
  ]),
  fc.tuple(word, word, prose).map(([id, name, input]) => [
    {
      type: "tool-call",
      id,
      name,
      input,
      ...state({ type: "custom_tool_call", id: `ctc_${id}`, ...done }),
    },
  ]),
  word.map((id) => {
    const action = { type: "exec", command: ["ls"], env: {} };
    const call = { type: "local_shell_call", id: `lsh_${id}`, call_id: id, ...done, action };
    return [{ type: "tool-call", id, name: "local_shell", arguments: action, ...state(call) }];
  }),
  fc.tuple(word, prose).map(([id, query]) => {
    const source = { type: "url", url: "https://a.example" };
    const action = { type: "search", query };
    const ran = { name: "web_search", executedBy: "provider" as const };
    const item = { type: "web_search_call", id, ...done, action: { ...action, sources: [source] } };
    return [
      { type: "tool-call", id, arguments: action, ...ran, ...state(item) },
      { type: "tool-result", id, content: JSON.stringify([source]), ...ran },
    ];
  }),
  fc.tuple(word, fc.constantFrom("png", "webp")).map(([id, format]) => [
    {
      type: "image",
      mediaType: `image/${format}`,
      data: "aGk=",
      ...state({ type: "image_generation_call", id, ...done, output_format: format }),
    },
  ]),
];

describeLaws({
  client,
  server,
  cannot,
  provider: "openai",
  textTools: true,
  textCalls: true,
  honoured: { "promptCache.mode": only("auto") },
  namesRequests: true,
  // Vendor fields of a turn are those of its item, as whose state a server reads them.
  adds: [
    /"family":"openai"/,
    "user.file.name",
    "tool.tool-result.file.name",
    "responseFormat.name",
    "reasoning.effort",
    "tools.function.strict",
  ],
  namesParts: true,
  own: (state) => [
    ...turn(state),
    fc.tuple(prose, logprobs).map(([text, tokens]) => [{ type: "text", text, logprobs: tokens }]),
    // A call that another vendor ran, as a relay gets it.
    fc.tuple(word, word, object, prose, fc.boolean()).map(([id, name, given, content, failed]) => [
      { type: "tool-call", id, name, arguments: given, executedBy: "provider" },
      {
        type: "tool-result",
        id,
        name,
        content,
        ...(failed && { isError: true }),
        executedBy: "provider",
      },
    ]),
  ],
  history: turn,
  result: ({ name, origin }, text, state) => {
    const type = String(origin?.data["type"] ?? "function_call");
    return {
      name,
      content: type === "local_shell_call" ? "listed" : text,
      ...(type !== "function_call" && state({ type: `${type}_output` })),
    };
  },
  asks: [
    { verbosity: "low", responseFormat: { type: "json" } },
    { verbosity: "high", maxToolCalls: 3, contextManagement: { compactAt: 9_000 } },
    { store: true },
    ...(["minimal", "low", "high", "xhigh"] as const).map((effort) => ({
      reasoning: { effort, summary: "detailed" as const },
    })),
    { responseFormat: { type: "json-schema", schema: schema, name: "n", description: "d", strict: true } },
    {
      tools: [
        { ...tool, strict: false, extensions: vendor("openai-responses", { vendor_field: { deep: [1] } }) },
        { type: "provider", id: "openai/web_search" },
        { type: "provider", id: "openai/file_search", options: { vector_store_ids: ["vs"] } },
      ],
      toolChoice: { name: "f" },
      parallelToolCalls: false,
    },
    {
      tools: [
        { ...tool, strict: false },
        { ...textTool, deferLoading: true },
      ],
      toolChoice: { names: ["f", "sh"], mode: "auto" },
    },
    { tools: [{ type: "text-tool", name: "sh" }], toolChoice: { name: "sh" } },
    { logprobs: 5, serviceTier: "flex", cacheKey: "k", user: "u", metadata: { a: "b" } },
    { continues: { provider: "openai", id: "resp_0" } },
    { extensions: vendor("openai-responses", { truncation: "auto" }) },
    {
      extensions: vendor("openai-responses", {
        text: { mood: "calm" },
        reasoning: { future: 1 },
      }),
    },
    {
      messages: [
        {
          role: "user",
          content: [
            {
              type: "text",
              text: "x",
              extensions: vendor("openai-responses", { vendor_field: { deep: [1] } }),
            },
            { type: "image", data: "aGk=", mediaType: "image/png" },
            { type: "image", url: "https://a.example/a.png", detail: "low" },
            { type: "image", uploaded: { provider: "openai", id: "file-1" } },
            { type: "file", data: "aGk=", mediaType: "application/pdf", name: "a.pdf" },
            { type: "file", url: "https://a.example/a.pdf" },
            { type: "file", uploaded: { provider: "openai", id: "file-1" }, name: "b.pdf" },
          ],
        },
      ],
    },
  ],
});
