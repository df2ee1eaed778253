/** Fields whose objects are input: what is in them, such as the arguments of a call, sets no length. */
export const CONTENT: ReadonlySet<string> = new Set([
  "contents",
  "documents",
  "format",
  "functions",
  "guidedjson",
  "input",
  "instructions",
  "jsonschema",
  "logitbias",
  "messages",
  "metadata",
  "prediction",
  "prompt",
  "requestmetadata",
  "responseformat",
  "responsejsonschema",
  "responseschema",
  "schema",
  "structuredoutputs",
  "system",
  "systeminstruction",
  "text",
  "toolconfig",
  "tools",
]);

/** How many answers are generated: https://docs.vllm.ai/en/latest/api/vllm/sampling_params.html, and other servers. */
export const COUNTS: ReadonlySet<string> = new Set([
  "beamwidth",
  "bestof",
  "candidatecount",
  "n",
  "ncmpl",
  "numbeams",
  "numberofimages",
  "numcandidates",
  "numchoices",
  "numcompletions",
  "numgenerations",
  "numimages",
  "numoutputs",
  "numreturnsequences",
  "numsamples",
  "samplecount",
]);

/** Plain names that are remembered: all requests have the same few. They are those of clients, which may be anyone. */
const MAX_KNOWN = 500;
const MAX_LENGTH = 64;

const known = new Map<string, string>();

/** `max_tokens` as `maxtokens`. */
export function plainName(name: string): string {
  let plain = known.get(name);
  if (plain === undefined) {
    plain = name.toLowerCase().replace(/[^a-z0-9]/g, "");
    if (known.size < MAX_KNOWN && name.length <= MAX_LENGTH) known.set(name, plain);
  }
  return plain;
}

/** A number, also one that is written as a text, as many servers take it. */
export function countOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^\s*[-+]?\d{1,15}(\.\d*)?\s*$/.test(value) ? Number(value) : undefined;
}

/** Names of objects about thinking. */
export const THINKING = /think|reason/;

/** A budget for thinking. @param within it is in an object about thinking */
export function isThinking(name: string, within: boolean): boolean {
  if (name === "budgettokens" || name === "tokenbudget") return true;
  return within ? isLength(name) || name.includes("budget") : THINKING.test(name) && BUDGET.test(name);
}

const BUDGET = /budget|tokens|length|limit/;

/** A name that says how long something is, and is not about the prompt. */
const LENGTH =
  /^(?:max|min|num|n|out|gen|completion|resp|answer).*(?:token|predict|len)|^n?predict$|^tokens$/;
const PROMPT =
  /input|prompt|context|cache|image|pixel|tile|crop|chunk|doc|source|search|logprob|id$|ids$|per/;

/** A limit of the tokens of an answer, or a least number of them. */
export function isLength(name: string): boolean {
  return LENGTH.test(name) && !PROMPT.test(name);
}

/**
 * A limit of zero or less means that there is no limit: https://github.com/ollama/ollama/blob/main/docs/modelfile.md,
 * https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md.
 */
export function isEndless(name: string, count: number): boolean {
  return count <= 0 && !name.startsWith("min") && isLength(name);
}
