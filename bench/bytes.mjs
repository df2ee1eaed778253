/** The answers that the upstream of the benchmarks sends. */
const WORD = " token";
/** The number of different token counts in Gemini's chunks, before they repeat. */
const GEMINI_COUNTS = 512;

function openai(chunks) {
  const base = `"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1700000000,"model":"gpt-bench","service_tier":"default","system_fingerprint":"fp_bench"`;
  const chunk = (delta, finish) =>
    `data: {${base},"choices":[{"index":0,"delta":${delta},"logprobs":null,"finish_reason":${finish}}],"usage":null,"obfuscation":"aBcDeFg"}\n\n`;
  const one = Buffer.from(chunk(`{"content":"${WORD}"}`, "null"));
  return {
    head: Buffer.from(chunk(`{"role":"assistant","content":"","refusal":null}`, "null")),
    one,
    tail: Buffer.from(
      `${chunk("{}", `"stop"`)}data: {${base},"choices":[],"usage":{"prompt_tokens":12,"completion_tokens":${chunks},"total_tokens":${chunks + 12}}}\n\ndata: [DONE]\n\n`,
    ),
    whole: Buffer.from(
      JSON.stringify({
        id: "chatcmpl-bench",
        object: "chat.completion",
        created: 1700000000,
        model: "gpt-bench",
        choices: [
          {
            index: 0,
            message: { role: "assistant", content: WORD.repeat(100), refusal: null, annotations: [] },
            logprobs: null,
            finish_reason: "stop",
          },
        ],
        usage: {
          prompt_tokens: 12,
          completion_tokens: 100,
          total_tokens: 112,
          prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
          completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
        },
        service_tier: "default",
        system_fingerprint: "fp_bench",
      }),
    ),
  };
}

function responses(chunks) {
  const event = (type, fields) => `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
  const response = (status, output, usage) => ({
    id: "resp_bench",
    object: "response",
    created_at: 1700000000,
    status,
    model: "gpt-bench",
    output,
    usage,
    parallel_tool_calls: true,
    tool_choice: "auto",
    tools: [],
    error: null,
    incomplete_details: null,
  });
  const text = WORD.repeat(chunks);
  const part = { type: "output_text", text, annotations: [] };
  const item = (status, content) => ({ id: "msg_1", type: "message", status, role: "assistant", content });
  const place = { item_id: "msg_1", output_index: 0, content_index: 0 };
  return {
    head: Buffer.from(
      event("response.created", { sequence_number: 0, response: response("in_progress", [], null) }) +
        event("response.output_item.added", {
          sequence_number: 1,
          output_index: 0,
          item: item("in_progress", []),
        }) +
        event("response.content_part.added", {
          sequence_number: 2,
          ...place,
          part: { ...part, text: "" },
        }),
    ),
    one: Buffer.from(
      event("response.output_text.delta", { sequence_number: 3, ...place, delta: WORD, logprobs: [] }),
    ),
    tail: Buffer.from(
      event("response.output_text.done", { sequence_number: 4, ...place, text, logprobs: [] }) +
        event("response.content_part.done", { sequence_number: 5, ...place, part }) +
        event("response.output_item.done", {
          sequence_number: 6,
          output_index: 0,
          item: item("completed", [part]),
        }) +
        event("response.completed", {
          sequence_number: 7,
          response: response("completed", [item("completed", [part])], {
            input_tokens: 12,
            output_tokens: chunks,
            total_tokens: chunks + 12,
            input_tokens_details: { cached_tokens: 0 },
            output_tokens_details: { reasoning_tokens: 0 },
          }),
        }),
    ),
    whole: Buffer.from(
      JSON.stringify(
        response("completed", [item("completed", [{ ...part, text: WORD.repeat(100) }])], {
          input_tokens: 12,
          output_tokens: 100,
          total_tokens: 112,
        }),
      ),
    ),
  };
}

function anthropic(chunks) {
  const event = (type, fields) => `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
  const message = {
    id: "msg_bench",
    type: "message",
    role: "assistant",
    model: "claude-bench",
    stop_sequence: null,
  };
  return {
    head: Buffer.from(
      event("message_start", {
        message: {
          ...message,
          content: [],
          stop_reason: null,
          usage: { input_tokens: 12, output_tokens: 1 },
        },
      }) + event("content_block_start", { index: 0, content_block: { type: "text", text: "" } }),
    ),
    one: Buffer.from(event("content_block_delta", { index: 0, delta: { type: "text_delta", text: WORD } })),
    tail: Buffer.from(
      event("content_block_stop", { index: 0 }) +
        event("message_delta", {
          delta: { stop_reason: "end_turn", stop_sequence: null },
          usage: { output_tokens: chunks },
        }) +
        event("message_stop", {}),
    ),
    whole: Buffer.from(
      JSON.stringify({
        ...message,
        content: [{ type: "text", text: WORD.repeat(100) }],
        stop_reason: "end_turn",
        usage: { input_tokens: 12, output_tokens: 100 },
      }),
    ),
  };
}

function gemini(chunks) {
  const reply = (text, finish, count = chunks) => ({
    candidates: [
      {
        content: { parts: [{ text }], role: "model" },
        index: 0,
        ...(finish ? { finishReason: "STOP" } : {}),
      },
    ],
    usageMetadata: { promptTokenCount: 12, candidatesTokenCount: count, totalTokenCount: count + 12 },
    modelVersion: "gemini-bench",
    responseId: "gemini-1",
  });
  const frame = (value) => Buffer.from(`data: ${JSON.stringify(value)}\r\n\r\n`);
  return {
    head: Buffer.alloc(0),
    // Each chunk has the usage so far.
    many: Array.from({ length: GEMINI_COUNTS }, (_, i) => frame(reply(WORD, false, i + 1))),
    tail: frame(reply("", true)),
    whole: Buffer.from(JSON.stringify(reply(WORD.repeat(100), true))),
  };
}

const made = new Map();

/**
 * The bytes of an answer: `whole`, or a stream that consists of `head`, chunks in `groups` (each group is one read) and
 * `tail`. A stream sends one group after another and repeats them after the last.
 */
export function canned(dialect, chunks, perRead) {
  const key = `${dialect} ${chunks} ${perRead}`;
  let bytes = made.get(key);
  if (bytes === undefined) {
    const make = { openai, responses, anthropic, gemini }[dialect];
    bytes = make(chunks);
    const all = bytes.many ?? [bytes.one];
    bytes.one = all[0];
    bytes.groups = Array.from({ length: all.length }, (_, group) =>
      Buffer.concat(Array.from({ length: perRead }, (_, i) => all[(group * perRead + i) % all.length])),
    );
    made.set(key, bytes);
  }
  return bytes;
}
