// Writes a language model of about 300 KB that llama.cpp loads, for tests of local models and of llama-server. It
// downloads nothing.
// usage: node scripts/tiny-gguf.mjs FILE
//
// The weights are random from a fixed seed, so that two runs write the same bytes. Four things are not random:
// - At the start of an answer the model writes ANSWER and stops, so that a test can compare the text.
// - If a grammar forbids the end because it requires a call, the model continues with TOOL_CALL.
// - A sampler that follows a grammar finds every printable byte, a quote more often than others, so that strings end.
// - Bytes that are not ASCII are very unlikely, so that the text is valid UTF-8.
// Load it with one thread: on a busy machine the threads of llama.cpp wait for each other much longer than they work.
// The format of the file: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** What the model answers to any conversation when no grammar constrains it. */
export const ANSWER = "This tiny model says the same few words every time.";

/** The text before the name of a tool in a call, as in TEMPLATE. */
const TOOL_CALL = '<tool_call>\n{"name": "';

const CONTEXT = 4096;
const WIDTH = 64;
const HEADS = 2;
const FORWARD = 128;

/** ChatML, with tools as Hermes and Qwen write them. */
const TEMPLATE = `{%- if tools %}
{{- '<|im_start|>system\\n' }}
{%- if messages[0].role == 'system' %}{{- messages[0].content + '\\n\\n' }}{%- endif %}
{{- 'You may call these functions:\\n<tools>' }}
{%- for tool in tools %}{{- '\\n' }}{{- tool | tojson }}{%- endfor %}
{{- '\\n</tools>\\nTo call one, write\\n<tool_call>\\n{"name": <name>, "arguments": <object>}\\n</tool_call><|im_end|>\\n' }}
{%- elif messages[0].role == 'system' %}
{{- '<|im_start|>system\\n' + messages[0].content + '<|im_end|>\\n' }}
{%- endif %}
{%- for message in messages %}
{%- if message.role == 'assistant' and message.tool_calls %}
{{- '<|im_start|>assistant' }}
{%- if message.content %}{{- '\\n' + message.content }}{%- endif %}
{%- for call in message.tool_calls %}
{%- if call.function %}{%- set call = call.function %}{%- endif %}
{{- '\\n<tool_call>\\n{"name": "' + call.name + '", "arguments": ' }}
{%- if call.arguments is string %}{{- call.arguments }}{%- else %}{{- call.arguments | tojson }}{%- endif %}
{{- '}\\n</tool_call>' }}
{%- endfor %}
{{- '<|im_end|>\\n' }}
{%- elif message.role == 'tool' %}
{{- '<|im_start|>user\\n<tool_response>\\n' + message.content + '\\n</tool_response><|im_end|>\\n' }}
{%- elif message.role != 'system' or not loop.first %}
{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}
{%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}`;

/** The type numbers of GGUF's metadata. */
const TYPES = { uint32: 4, int32: 5, float32: 6, bool: 7, string: 8, array: 9 };

/** The logits of some bytes; other printable bytes have 0. An exponent would make numbers larger than JavaScript's. */
const BIASES = new Map([
  ['"', 0.5],
  ["e", -4],
  ["E", -4],
]);

/** Collects little-endian values. */
class Bytes {
  #parts = [];
  length = 0;

  add(bytes) {
    this.#parts.push(bytes);
    this.length += bytes.length;
  }

  uint32(value) {
    this.add(new Uint8Array(Uint32Array.of(value).buffer));
  }

  uint64(value) {
    this.add(new Uint8Array(BigUint64Array.of(BigInt(value)).buffer));
  }

  string(text) {
    const bytes = new TextEncoder().encode(text);
    this.uint64(bytes.length);
    this.add(bytes);
  }

  value(type, value) {
    switch (type) {
      case "string":
        return this.string(value);
      case "bool":
        return this.add(Uint8Array.of(value ? 1 : 0));
      case "float32":
        return this.add(new Uint8Array(Float32Array.of(value).buffer));
      case "int32":
        return this.add(new Uint8Array(Int32Array.of(value).buffer));
      default:
        return this.uint32(value);
    }
  }

  /** Pads to a multiple of 32, the alignment of tensors. */
  align() {
    this.add(new Uint8Array((32 - (this.length % 32)) % 32));
  }

  whole() {
    return Buffer.concat(this.#parts);
  }
}

/** Numbers between 0 and 1 from a seed: https://en.wikipedia.org/wiki/Linear_congruential_generator, of 32 bits. */
function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The 256 characters that represent bytes in GPT-2's vocabulary: printable ones are themselves. */
function byteCharacters() {
  const printable = (byte) => (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(printable(byte) ? byte : next++));
}

/** The vocabulary: bytes, the words of ANSWER (each once), and the tokens that control a conversation. */
function vocabulary() {
  const bytes = byteCharacters();
  const spelled = (text) => text.replace(/\s/g, (space) => bytes[space.charCodeAt(0)]);
  const words = ANSWER.match(/\s?\S+/g).map(spelled);
  const tokens = [...bytes, ...words, spelled(TOOL_CALL), "<|endoftext|>", "<|im_start|>", "<|im_end|>"];
  const control = tokens.length - 3;
  return {
    tokens,
    types: tokens.map((_, id) => (id < control ? 1 : 3)),
    bytes,
    words: words.map((word) => tokens.indexOf(word)),
    call: control - 1,
    end: control + 2,
    endOfText: control,
  };
}

/**
 * The weights. Attention and the feed-forward layer write nothing into the residual stream (their last matrices are 0,
 * as if untrained), so the next token depends on the last one alone: its embedding times the output matrix.
 */
function weights({ tokens, words, bytes, call, end }, seed) {
  const random = randomNumbers(seed);
  const matrix = (columns, rows, size) =>
    Float32Array.from({ length: columns * rows }, () => (random() * 2 - 1) * size);
  const embedding = matrix(WIDTH, tokens.length, 1);
  const output = matrix(WIDTH, tokens.length, 0.05);
  for (let id = 0; id < tokens.length; id += 1) {
    // The first number of every embedding is the same, so the first number of an output row is a bias.
    embedding[id * WIDTH] = 4;
    const printable = id >= 32 && id < 127;
    output[id * WIDTH] = printable ? 0 : id === end ? 0.2 : -4;
  }
  for (const [character, bias] of BIASES) output[character.codePointAt(0) * WIDTH] = bias;
  // Makes `to` the likely token after `from`.
  const follow = (from, to, strength = 1) => {
    for (let at = 1; at < WIDTH; at += 1) output[to * WIDTH + at] += strength * embedding[from * WIDTH + at];
  };
  const answer = [bytes.indexOf("\u010a"), ...words, end];
  for (const id of [...words, call]) output[id * WIDTH] = -1;
  for (let at = 1; at < answer.length; at += 1) follow(answer[at - 1], answer[at]);
  follow(words.at(-1), call, 0.7);
  // The end follows the tag that closes a call.
  follow(bytes.indexOf(">"), end);
  const ones = () => new Float32Array(WIDTH).fill(1);
  return [
    ["token_embd.weight", [WIDTH, tokens.length], embedding],
    ["output_norm.weight", [WIDTH], ones()],
    ["output.weight", [WIDTH, tokens.length], output],
    ["blk.0.attn_norm.weight", [WIDTH], ones()],
    ["blk.0.attn_q.weight", [WIDTH, WIDTH], matrix(WIDTH, WIDTH, 0.1)],
    ["blk.0.attn_k.weight", [WIDTH, WIDTH], matrix(WIDTH, WIDTH, 0.1)],
    ["blk.0.attn_v.weight", [WIDTH, WIDTH], matrix(WIDTH, WIDTH, 0.1)],
    ["blk.0.attn_output.weight", [WIDTH, WIDTH], new Float32Array(WIDTH * WIDTH)],
    ["blk.0.ffn_norm.weight", [WIDTH], ones()],
    ["blk.0.ffn_gate.weight", [WIDTH, FORWARD], matrix(WIDTH, FORWARD, 0.1)],
    ["blk.0.ffn_up.weight", [WIDTH, FORWARD], matrix(WIDTH, FORWARD, 0.1)],
    ["blk.0.ffn_down.weight", [FORWARD, WIDTH], new Float32Array(WIDTH * FORWARD)],
  ];
}

/**
 * The bytes of the model.
 * @param {{seed?: number}} [options] `seed` of the random weights; by default 1.
 * @returns {Uint8Array}
 */
export function tinyGguf({ seed = 1 } = {}) {
  const vocab = vocabulary();
  const metadata = [
    ["general.architecture", "string", "llama"],
    ["general.name", "string", "tiny"],
    ["general.file_type", "uint32", 0],
    ["llama.context_length", "uint32", CONTEXT],
    ["llama.embedding_length", "uint32", WIDTH],
    ["llama.block_count", "uint32", 1],
    ["llama.feed_forward_length", "uint32", FORWARD],
    ["llama.attention.head_count", "uint32", HEADS],
    ["llama.attention.head_count_kv", "uint32", HEADS],
    ["llama.attention.layer_norm_rms_epsilon", "float32", 1e-5],
    ["llama.rope.dimension_count", "uint32", WIDTH / HEADS],
    ["llama.vocab_size", "uint32", vocab.tokens.length],
    ["tokenizer.ggml.model", "string", "gpt2"],
    ["tokenizer.ggml.pre", "string", "qwen2"],
    ["tokenizer.ggml.tokens", ["string"], vocab.tokens],
    ["tokenizer.ggml.token_type", ["int32"], vocab.types],
    ["tokenizer.ggml.merges", ["string"], ["T h"]],
    ["tokenizer.ggml.bos_token_id", "uint32", vocab.endOfText],
    ["tokenizer.ggml.eos_token_id", "uint32", vocab.end],
    ["tokenizer.ggml.padding_token_id", "uint32", vocab.endOfText],
    ["tokenizer.ggml.add_bos_token", "bool", false],
    ["tokenizer.chat_template", "string", TEMPLATE],
  ];
  const tensors = weights(vocab, seed);
  const file = new Bytes();
  file.add(new TextEncoder().encode("GGUF"));
  file.uint32(3);
  file.uint64(tensors.length);
  file.uint64(metadata.length);
  for (const [key, type, value] of metadata) {
    file.string(key);
    if (Array.isArray(type)) {
      file.uint32(TYPES.array);
      file.uint32(TYPES[type[0]]);
      file.uint64(value.length);
      for (const item of value) file.value(type[0], item);
    } else {
      file.uint32(TYPES[type]);
      file.value(type, value);
    }
  }
  let offset = 0;
  for (const [name, dimensions, values] of tensors) {
    file.string(name);
    file.uint32(dimensions.length);
    for (const dimension of dimensions) file.uint64(dimension);
    file.uint32(0); // 32-bit floats
    file.uint64(offset);
    offset += Math.ceil(values.byteLength / 32) * 32;
  }
  file.align();
  for (const [, , values] of tensors) {
    file.add(new Uint8Array(values.buffer));
    file.align();
  }
  return file.whole();
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const path = process.argv[2];
  if (path === undefined) {
    console.error("usage: node scripts/tiny-gguf.mjs FILE");
    process.exitCode = 2;
  } else {
    const bytes = tinyGguf();
    writeFileSync(path, bytes);
    console.log(`${path}: ${bytes.length} bytes`);
  }
}
