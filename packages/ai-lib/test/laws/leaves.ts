import type { ChatRequest } from "../../src/core/values/chat-request.js";
import type { JsonObject } from "../../src/core/values/json.js";
import {
  type ContentPart,
  type Extensions,
  type Origin,
  partsOf,
  type ToolResultContent,
} from "../../src/core/values/message.js";

/** One fact of a request or an answer: what of it a dialect either carries or is to say that it does not. */
export interface Leaf {
  /** Where it stands, in the words of warnings: `"messages.2.content.0.detail"`. */
  readonly path: string;
  /** What it is, wherever it stands: `"user.image.detail"`. Facts are only ever compared with others of their kind. */
  readonly kind: string;
  readonly value: unknown;
  /** Without it there is no part. */
  readonly head?: boolean;
  /** Of what a provider's tool found: where its call stands, with which it goes. */
  readonly call?: string;
}

/** Fields whose values are the user's or a vendor's own: compared as they are. */
const WHOLE = new Set([
  "arguments",
  "parameters",
  "schema",
  "options",
  "metadata",
  "cache",
  "origin",
  "logprobs",
  "cites",
  "logitBias",
  "outputSchema",
  "grammar",
]);

/** What pairs a call with its result. Some dialects re-shape ids, and a result's name is its call's. */
const PAIRING = new Set(["id", "name"]);

/** Marks and vendor fields count wherever in a message they stand: one on a message is one on its last part. */
const ANYWHERE_IN_MESSAGE = new Set(["cache", "extensions"]);

/** What says the same as leaving it out. */
const DEFAULTS: Readonly<Record<string, string>> = {
  toolChoice: '"auto"',
  "toolChoice.mode": '"auto"',
  "tools.function.deferLoading": "false",
  "tools.function.eager": "false",
  "tools.function.async": "false",
  "tools.text-tool.async": "false",
  parallelToolCalls: "true",
  "reasoning.summary": '"none"',
  "promptCache.prewarm": "false",
  store: "false",
  "responseFormat.type": '"text"',
  logprobs: "false",
  "output.modalities": '["text"]',
  "user.image.detail": '"auto"',
  "assistant.image.detail": '"auto"',
  "tool.tool-result.image.detail": '"auto"',
  "tool.tool-result.isError": "false",
};

/**
 * Every fact of a request. A turn that broke off is none: it is never replayed, and neither are the results of its
 * calls.
 */
export function leavesOf(request: ChatRequest): Leaf[] {
  const { messages, tools, model: _asked, ...rest } = request;
  const found: Leaf[] = [];
  const broken = new Set<string>();
  messages.forEach((message, i) => {
    const { content, role, ...about } = message;
    const path = `messages.${i}`;
    if (message.role === "assistant" && message.incomplete === true) {
      for (const part of partsOf(message)) if (part.type === "tool-call") broken.add(part.id);
      return;
    }
    const parts = partsOf(message).filter((part) => part.type !== "tool-result" || !broken.has(part.id));
    if (role === "tool" && parts.length === 0) return;
    add(found, about, path, role, role);
    if (typeof content === "string")
      found.push({ path: `${path}.content`, kind: `${role}.text.text`, value: content, head: true });
    else
      for (const part of parts) {
        const from = found.length;
        addPart(found, part, `${path}.content.${content.indexOf(part as never)}`, role);
        if (part.type !== "tool-result" || part.executedBy === undefined) continue;
        const at = content.findIndex((one) => one.type === "tool-call" && one.id === part.id);
        const call = `${path}.content.${at}`;
        found.push(...found.splice(from).map((leaf) => ({ ...leaf, call })));
      }
  });
  tools?.forEach((tool, i) => {
    add(found, tool, `tools.${i}`, `tools.${tool.type}`);
  });
  add(found, rest, "", "");
  // Where nothing may be called, it does not matter how.
  const idle = request.toolChoice === "none";
  return found.filter(
    ({ kind, value }) =>
      DEFAULTS[kind] !== JSON.stringify(value) &&
      !(idle && (kind === "tools.function.strict" || kind === "parallelToolCalls")),
  );
}

/** Every fact of the parts of an answer. */
export function leavesOfParts(parts: readonly ContentPart[], path: string): Leaf[] {
  const found: Leaf[] = [];
  parts.forEach((part, i) => {
    addPart(found, part, `${path}.${i}`, "");
  });
  return found;
}

function addPart(found: Leaf[], part: ContentPart | ToolResultContent, path: string, role: string): void {
  const kind = role === "" ? part.type : `${role}.${part.type}`;
  const { type: _type, ...about } = part;
  if (part.type !== "tool-result") {
    add(found, about, path, kind, role);
    return;
  }
  const { content, id: _id, name: _name, type: _kind, ...rest } = part;
  add(found, rest, path, kind, role);
  if (typeof content === "string")
    found.push({ path: `${path}.content`, kind: `${kind}.text.text`, value: content, head: true });
  else
    content.forEach((one, i) => {
      addPart(found, one, `${path}.content.${i}`, kind);
    });
}

/** The field of a part without which there is no part. */
const HEADS = new Set(["text", "url", "data", "uploaded", "arguments", "argumentsText", "input"]);

function add(found: Leaf[], value: object, path: string, kind: string, role?: string): void {
  const placed = "data" in value;
  for (const [key, one] of Object.entries(value)) {
    const at = path === "" ? key : `${path}.${key}`;
    const pairs = kind.endsWith("tool-call") || kind.endsWith("tool-result");
    if (one === undefined || (pairs && PAIRING.has(key))) continue;
    if (key === "metadata" && Object.keys(one).length === 0) continue;
    // A type beside a URL is a hint: the provider sees what it fetches.
    if (key === "mediaType" && !placed) continue;
    if (role !== undefined && ANYWHERE_IN_MESSAGE.has(key)) {
      const [speaker = ""] = role.split(".");
      const kindOf = speaker === "" ? key : `${speaker}.${key}`;
      if (key === "extensions")
        found.push(...fieldsOf(one).map((value) => ({ path: at, kind: kindOf, value })));
      else found.push({ path: at, kind: kindOf, value: one, head: false });
    } else if (key === "extensions") {
      const kindOf = kind === "" ? key : `${kind}.${key}`;
      found.push(...fieldsOf(one).map((value) => ({ path: at, kind: kindOf, value })));
    } else if (typeof one !== "object" || one === null || Array.isArray(one) || WHOLE.has(key)) {
      found.push({ path: at, kind: kind === "" ? key : `${kind}.${key}`, value: one, head: HEADS.has(key) });
    } else add(found, one, at, kind === "" ? key : `${kind}.${key}`);
  }
}

/** Each vendor field by itself, whichever of its holders they were merged on. */
function fieldsOf(extensions: object): JsonObject[] {
  return Object.values(extensions as Extensions).flatMap((fields) =>
    Object.entries(fields).map(([name, value]) => ({ [name]: value })),
  );
}

/**
 * Facts as a server half tells them of a model's own turn: vendor fields of its parts may have become its state,
 * since whoever sent them there gets both back.
 */
export function leavesWithState(request: ChatRequest): Leaf[] {
  const found = leavesOf(request);
  for (const { kind, path, value } of [...found]) {
    if (!kind.endsWith(".origin")) continue;
    const [speaker = ""] = kind.split(".");
    const { data } = value as Origin;
    for (const [name, one] of Object.entries(data))
      found.push({ path, kind: `${speaker}.extensions`, value: { [name]: one } });
  }
  return found;
}

/**
 * Losses that nothing told of. Equal facts cannot be told apart, so of those it matters how many were named.
 * @param told whether a warning names a fact.
 */
export function unsaid(
  before: readonly Leaf[],
  losses: readonly Leaf[],
  told: (leaf: Leaf) => boolean,
): Leaf[] {
  const key = ({ kind, value }: Leaf): string => `${kind} ${canonical(value)}`;
  const named = new Map<string, number>();
  for (const leaf of before) if (told(leaf)) named.set(key(leaf), (named.get(key(leaf)) ?? 0) + 1);
  return losses.filter((leaf) => {
    const left = named.get(key(leaf)) ?? 0;
    named.set(key(leaf), left - 1);
    return left <= 0;
  });
}

/**
 * Facts of `before` that are not among those of `after`; a text may have become a piece of a longer one. Where a
 * whole part went, that is the one fact that was lost.
 */
export function lost(before: readonly Leaf[], after: readonly Leaf[]): Leaf[] {
  const left = new Map<string, unknown[]>();
  for (const { kind, value } of after) left.set(kind, [...(left.get(kind) ?? []), value]);
  const missing = before.filter(({ kind, value }) => {
    const pool = left.get(kind) ?? [];
    if (kind.endsWith(".text") && typeof value === "string")
      return !pool.some((one) => typeof one === "string" && one.includes(value));
    // Those of joined texts are one list.
    if (kind.endsWith(".logprobs") && Array.isArray(value))
      return !pool.some((one) => canonical(one).includes(canonical(value).slice(1, -1)));
    const at = pool.findIndex((one) => canonical(one) === canonical(value));
    if (at < 0) return true;
    pool.splice(at, 1);
    return false;
  });
  const gone = missing.filter(({ head }) => head).map(({ path }) => parentOf(path));
  return missing.filter(({ head, path }) => head || !gone.some((part) => path.startsWith(`${part}.`)));
}

/** The counts of a usage by path. Those by name are counts each; lists are compared as they are. */
export function flatCounts(usage: object): [path: string, value: unknown][] {
  return Object.entries(usage).flatMap(([key, value]): [string, unknown][] =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.entries(value).map(([name, count]) => [`usage.${key}.${name}`, count])
      : [[`usage.${key}`, value]],
  );
}

/** A value as the end of a path, where it is a word or a number. */
function wordOf(value: unknown): string {
  return typeof value === "object" ? "" : String(value);
}

/** The part that a field belongs to. */
function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("."));
}

/** JSON with keys in order. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) =>
    typeof one === "object" && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}

/** Whether one path leads to the other, or to something in it. */
export function within(path: string, other: string): boolean {
  return path === other || path.startsWith(`${other}.`) || other.startsWith(`${path}.`);
}

/**
 * Whether a dialect's list of what it cannot carry names a fact: by its path, or by its path and the kind of part,
 * or, where a whole part went, by something of such a part that cannot be.
 */
export function namedBy(cannot: Readonly<Record<string, string>>, leaf: Leaf): boolean {
  const [section = ""] = leaf.path.split(".");
  if (leaf.call !== undefined && "messages.content.tool-call.executedBy" in cannot) return true;
  const plain = leaf.path.replace(/\.\d+/g, "");
  const words = leaf.kind.split(".");
  const spellings = new Set([plain, leaf.kind, `${plain.replace(/\.type$/, "")}.${wordOf(leaf.value)}`]);
  for (let from = 0; from < words.length; from++) {
    const tail = words.slice(from).join(".");
    for (const way of [section, `${section}.content`, `${section}.content.tool-result.content`])
      spellings.add(`${way}.${tail}`);
  }
  const part = leaf.head
    ? [...spellings]
        .map((one) => one.slice(0, one.lastIndexOf(".")))
        .filter((one) => one.split(".").length > 1)
    : [];
  return Object.keys(cannot).some((key) => {
    // A list may name the role, or say that it is about answers; a fact's kind has the role already.
    const name = key
      .replaceAll("*.", "")
      .replace(/\.\*$/, "")
      .replace(/^response\./, "")
      .replace(/^messages\.(system|user|assistant|tool)\.content\./, "messages.content.");
    if (name === words.at(-1) || (section === "tools" && name.startsWith("toolChoice."))) return true;
    if (part.some((one) => one !== `${section}.content` && name.startsWith(`${one}.`))) return true;
    return [...spellings].some((one) => one === name || one.startsWith(`${name}.`));
  });
}
