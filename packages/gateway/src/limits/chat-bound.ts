import type { ChatRequest, DialectId } from "ai-lib";
import type { BoundFacts, CallBound, MoreOutput } from "./call-bound.js";
import { type Answerer, endpointsOf } from "./endpoints.js";
import { addMedia, type Media, PICTURE_TOKENS } from "./media.js";
import { hasStoredContext } from "./stored-context.js";
import { thinkingOf } from "./thinking.js";

import { vendorLengths } from "./vendor-lengths.js";
import { marginsOf } from "./vendor-margins.js";

/** Tokens of a document, a sound, a video or a stored conversation at most: they fill any context window that is known. */
const FILE_TOKENS = 1_048_576;

/** What vendors add to the prompt of a chat with tools, at most (https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview). */
const TOOL_PROMPT_TOKENS = 1_024;

/** The most that one attempt of a chat uses. */
export function chatBound(facts: BoundFacts, request: ChatRequest): CallBound {
  const { bodyBytes, recalled = false, fields = request.extensions, choice } = facts;
  const media: Media = { pictures: 0, files: 0, characters: 0, references: false };
  for (const { content } of request.messages) if (typeof content !== "string") addMedia(content, media);
  const { pictures, characters } = media;
  const stored = hasStoredContext(request) || (media.references && readsReferences(choice));
  const files = media.files + (stored ? 1 : 0);
  const bytes = recalled ? Math.max(bodyBytes, Buffer.byteLength(JSON.stringify(request))) : bodyBytes;
  const tools = (request.tools ?? []).length === 0 ? 0 : TOOL_PROMPT_TOKENS;
  const margins = marginsOf(choice);
  const text = Math.max(0, bytes - characters) + tools + margins.input;
  const input = text + pictures * PICTURE_TOKENS + files * FILE_TOKENS;
  const { output, more } = outputOf(request, fields, { choice, margin: margins.output });
  const bound: CallBound = { input, output, more, media: pictures + files > 0, units: {} };
  if (!compacts(request, fields)) return bound;
  // The vendor reads the conversation once more, and writes a summary.
  const { output: longest, added, answers }: MoreOutput = more ?? { output: 0, added: 0, answers: 1 };
  return { ...bound, passes: 2, more: { output: longest, added, answers: 2 * answers } };
}

/** Whether the vendor summarizes a long conversation: https://platform.claude.com/docs/en/build-with-claude/compaction */
function compacts({ contextManagement }: ChatRequest, fields: object | undefined): boolean {
  if (contextManagement?.compactAt !== undefined) return true;
  const { context_management: management } = (fields ?? {}) as { readonly context_management?: unknown };
  return management !== undefined && JSON.stringify(management).includes("compact");
}

/** Dialects whose requests refer to items that the vendor stores. */
const STORES: ReadonlySet<DialectId> = new Set(["openai-responses"]);

/** Whether an endpoint has what a request refers to by its id. */
function readsReferences(choice: Answerer | undefined): boolean {
  return choice === undefined || endpointsOf(choice.provider).some(({ dialect }) => STORES.has(dialect));
}

function outputOf(
  request: ChatRequest,
  fields: object | undefined,
  { choice, margin }: { readonly choice: Answerer | undefined; readonly margin: number },
): Pick<CallBound, "output" | "more"> {
  const { maxTokens, reasoning, prediction } = request;
  const { output, thinking, answers, endless } = vendorLengths(fields);
  const known = reasoning === undefined ? 0 : thinkingOf(request, choice);
  // Predicted text is billed as output even where the answer does not have it:
  // https://platform.openai.com/docs/guides/predicted-outputs
  const predicted = prediction === undefined ? 0 : Buffer.byteLength(prediction);
  const added = Math.max(thinking, known) + predicted + margin;
  // Some servers read a limit of zero as none. One token is the least that all of them keep to.
  const least = maxTokens === 0 ? 1 : maxTokens;
  return {
    output: endless && maxTokens !== 0 ? undefined : least,
    ...((added > 0 || answers > 1 || output > (least ?? 0)) && { more: { output, added, answers } }),
  };
}
