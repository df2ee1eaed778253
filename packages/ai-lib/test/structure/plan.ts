import { importsOf } from "./imports.js";
import type { Source } from "./source.js";

/** The folders of `core`, in order: each may import from those before it, types included. */
export const CORE_FOLDERS = ["values", "errors", "kinds", "contract", "run", "recovery"] as const;

/** The files and folders that `dialects` and `providers` hold. `core` holds its folders alone. */
const CONTENTS: Readonly<Record<string, readonly string[]>> = {
  core: CORE_FOLDERS.map((folder) => `${folder}/`),
  dialects: [
    "anthropic-messages/",
    "bedrock-converse/",
    "cohere-chat/",
    "gemini/",
    "mistral-chat/",
    "ollama-chat/",
    "openai-chat/",
    "openai-responses/",
    "shared/",
  ],
  providers: [
    "vendors/",
    "endpoint/",
    "own/",
    "builder.ts",
    "builders.ts",
    "builders.generated.ts",
    "catalog.generated.ts",
    "factory.ts",
    "index.ts",
    "spec.ts",
  ],
  "dialects/shared": ["common/", "openai/", "claude/", "cohere/"],
};

/**
 * The files that each part of a dialect must have: the half as the library loads it, a whole request, the history in
 * it, a whole answer, a streamed one, and errors. A server half may leave its errors to its family.
 */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  client: ["index", "request", "messages", "reply", "stream", "errors"],
  server: ["index", "request", "messages", "reply", "stream"],
  shared: ["cannot", "quirks", "usage"],
};
const REQUIRED_NAMES = new Set(Object.values(REQUIRED).flat());

/**
 * The names that a file of a dialect may have besides the required ones, and what such a file holds. A name means the
 * same in every dialect: use one of these, or add one that other dialects could use too.
 */
const NAMES: Readonly<Record<string, string>> = {
  "all-fields": "all fields of a request, those that few have included",
  "answer-items": "the items of an answer that is being written",
  assistant: "turns of the assistant in a history",
  background: "chats that go on without a connection",
  betas: "headers that switch features on",
  cache: "marks for the prompt cache",
  calls: "tool calls",
  chat: "the half for chats alone",
  citations: "citations and sources",
  content: "the content of a message",
  context: "what the encoding of one request shares",
  "context-management": "what the provider does when a conversation grows long",
  "count-tokens": "the kind of call of this name",
  embed: "the kind of call of this name",
  "executed-tools": "tools that the provider runs itself",
  facts: "facts of an answer besides its content",
  family: "whose models and whose state the dialect speaks for",
  fields: "fields of the vendor that pass through as extensions",
  finish: "finish reasons",
  format: "the format of the answer",
  "item-events": "the events of one item of a stream",
  image: "the kind of call of this name",
  imagen: "pictures of models that have an API of their own",
  items: "the items of an answer",
  logprobs: "log probabilities",
  media: "images, sound, video and files",
  message: "the message of a whole answer that is more than text",
  model: "what differs between models",
  models: "the list of models",
  ocr: "the kind of call of this name",
  "on-demand": "code that a bundle of chats alone loads with the first call that needs it",
  parameters: "the parameters of sampling",
  parts: "the parts of a message",
  phase: "whether a text is on the way to the answer or the answer",
  "quirk-checks": "checks of the quirks of an endpoint",
  rare: "what few requests need, as one module that is loaded on demand",
  "rare-parts": "what reads parts of few answers, as one module that is loaded on demand",
  reasoning: "reasoning, asked for and sent back",
  rerank: "the kind of call of this name",
  "response-object": "the object that stands for a whole response",
  results: "results of tools",
  schema: "JSON schemas",
  speak: "the kind of call of this name",
  state: "opaque state that goes back to its vendor",
  "stream-block": "a block of a stream",
  "stream-calls": "tool calls of a stream",
  "stream-cursor": "the place of an event in the provider's stream",
  "stream-ending": "the ending of a stream",
  "stream-items": "the items of a stream",
  "stream-parts": "the parts of a stream",
  "stream-plain": "chunks of a stream that hold text alone",
  streams: "the code of streams, which a bundle of chats alone loads with the first one",
  "think-tags": "reasoning between tags in a text",
  tier: "the service tier, in the vendor's word",
  tools: "the tools of a request",
  transcribe: "the kind of call of this name",
  "usage-frames": "the frames that have nothing but usage",
  version: "the version of the API",
};

/** One sentence for each import of a later folder of `core` by an earlier one. */
export function upwardImports(sources: readonly Source[]): string[] {
  return sources.flatMap((source) => {
    const from = coreFolder(source.path);
    if (from === undefined) return [];
    return importsOf(source).flatMap(({ file }) => {
      const to = file === undefined ? undefined : coreFolder(file);
      return to !== undefined && order(to) > order(from)
        ? [`${source.path}: core/${from} may not import core/${to}`]
        : [];
    });
  });
}

function coreFolder(path: string): string | undefined {
  return /^src\/core\/([^/]+)\//.exec(path)?.[1];
}

function order(folder: string): number {
  return (CORE_FOLDERS as readonly string[]).indexOf(folder);
}

/** One sentence for each file or folder in a place that does not name it. */
export function misplaced(sources: readonly Source[]): string[] {
  return Object.entries(CONTENTS).flatMap(([place, names]) => {
    const start = `src/${place}/`;
    const entries = sources
      .filter(({ path }) => path.startsWith(start))
      .map(({ path }) => path.slice(start.length).replace(/\/.*/, "/"));
    return [...new Set(entries)]
      .filter((entry) => !names.includes(entry) && !names.some((name) => isTestOf(entry, name)))
      .map((entry) => `${start}${entry} is not in the plan of ${place}`);
  });
}

/** Whether a file holds the tests of another: `a.test.ts` or `a.real.test.ts` those of `a.ts` or `a.generated.ts`. */
function isTestOf(entry: string, name: string): boolean {
  const [, tested] = /^([^.]+)(?:\.real|\.release)?\.test\.ts$/.exec(entry) ?? [];
  return tested !== undefined && (name === `${tested}.ts` || name === `${tested}.generated.ts`);
}

/** Names of {@link NAMES} that no dialect uses. */
export function unusedNames(sources: readonly Source[]): string[] {
  const used = new Set(sources.map(({ path }) => path.split("/").at(-1)?.replace(".ts", "")));
  return Object.keys(NAMES).filter((name) => !used.has(name));
}

/** One sentence for each file of a dialect that is not in the plan, and for each that is missing. */
export function wrongDialectFiles(sources: readonly Source[]): string[] {
  const wrong: string[] = [];
  const present = new Map<string, Set<string>>();
  for (const { path } of sources) {
    const [, dialect = "", rest = ""] = /^src\/dialects\/([^/]+)\/(.+)$/.exec(path) ?? [];
    if (dialect === "" || dialect === "shared" || path.endsWith(".test.ts")) continue;
    const [, part = "", name = ""] = /^(client|server|shared)\/([^/]+)\.ts$/.exec(rest) ?? [];
    if (part === "") wrong.push(`${path}: a dialect has the folders client, server and shared, and no other`);
    else if (!REQUIRED_NAMES.has(name) && !Object.hasOwn(NAMES, name))
      wrong.push(`${path}: "${name}" is not among the names of test/structure/plan.ts`);
    present.set(dialect, (present.get(dialect) ?? new Set()).add(`${part}/${name}`));
  }
  for (const [dialect, files] of present)
    for (const [part, names] of Object.entries(REQUIRED))
      for (const name of names)
        if (!files.has(`${part}/${name}`))
          wrong.push(`src/dialects/${dialect}/${part}/${name}.ts is missing`);
  return wrong;
}
