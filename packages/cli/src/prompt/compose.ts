import type { ChatRequest, Message, UserPart } from "ai-lib";
import { usageError } from "../errors.js";
import type { Io } from "../io.js";
import { LATEST, readConversation, type SavedConversation } from "../saved/conversation.js";
import { readAttachment } from "./attachments.js";
import { parseRequestOptions } from "./request-options.js";
import { readSchema } from "./schema.js";
import { fillIn, readTemplate, readVariables, type Template } from "./template.js";

/** Options that make a request. */
export interface RequestOptions {
  readonly model?: readonly string[];
  readonly system?: string;
  readonly continue?: boolean;
  readonly conversation?: string;
  readonly attach?: readonly string[];
  readonly fragment?: readonly string[];
  readonly template?: string;
  readonly param?: readonly string[];
  readonly schema?: string;
  readonly option?: readonly string[];
}

/** A request, and the models that are to answer it, if anything names them. */
export interface Composed {
  readonly request: ChatRequest;
  readonly models: readonly string[] | undefined;
}

/**
 * Composes the request of a prompt: the messages of the conversation that it continues, the system prompt, and a message
 * of attachments, template, fragments, words and piped text.
 * @throws {AiLibError} `CONFIG_ERROR` if there is no prompt, or for an option that is wrong; `FILE_ERROR` for an
 *   attachment that cannot be read.
 */
export async function compose(
  io: Io,
  words: readonly string[],
  piped: string,
  options: RequestOptions,
): Promise<Composed> {
  const template = options.template === undefined ? {} : await readTemplate(io.environment, options.template);
  const prompt = await composePrompt(words, piped, template, options);
  const before = await findConversation(io, options);
  const request = await composeRequest(prompt, template, before, options);
  return { request, models: options.model ?? chosenModel(template, before) };
}

function chosenModel({ model }: Template, before: SavedConversation | undefined): string[] | undefined {
  const chosen = model ?? before?.model;
  return chosen === undefined ? undefined : [chosen];
}

/** Composes the text of the prompt: the template, the fragments, the words and the piped text. */
async function composePrompt(
  words: readonly string[],
  piped: string,
  template: Template,
  options: RequestOptions,
): Promise<string> {
  const input = [words.join(" "), piped].filter((text) => text !== "").join("\n\n");
  const fragments = await Promise.all((options.fragment ?? []).map(readFragment));
  if (template.prompt === undefined) return [...fragments, input].filter((text) => text !== "").join("\n\n");
  const values = readVariables(template, options.param ?? []);
  if (input !== "" || !values.has("input")) values.set("input", input);
  const placed = /\{\{\s*input\s*\}\}/.test(template.prompt);
  return [...fragments, fillIn(template.prompt, values), ...(placed ? [] : [input])]
    .filter((text) => text !== "")
    .join("\n\n");
}

/** A fragment is a text file, or an attachment that is text. */
async function readFragment(name: string): Promise<string> {
  const part = await readAttachment(name);
  if (part.type !== "text") throw usageError(`--fragment takes text files; attach ${name} with -a`);
  return part.text;
}

async function findConversation(io: Io, options: RequestOptions): Promise<SavedConversation | undefined> {
  if (options.conversation !== undefined) return readConversation(io.environment, options.conversation);
  if (options.continue !== true) return undefined;
  const found = await readConversation(io.environment, LATEST);
  if (found === undefined) throw usageError("There is no conversation to continue yet. Ask without -c first");
  return found;
}

async function composeRequest(
  prompt: string,
  template: Template,
  before: SavedConversation | undefined,
  options: RequestOptions,
): Promise<ChatRequest> {
  const attachments = await Promise.all((options.attach ?? []).map(readAttachment));
  if (prompt === "" && attachments.length === 0)
    throw usageError('There is no prompt. Try: ai-lib "Why is the sky blue?", or ai-lib --help');
  // Unknown fields of a template are refused by the library, as those of -o are.
  const schema = await chosenSchema(template, options);
  const system = options.system ?? systemOf(template, options);
  return {
    ...(schema === undefined
      ? {}
      : { responseFormat: { type: "json-schema" as const, schema, name: "answer" } }),
    messages: [...begin(before, system), { role: "user", content: contentOf(prompt, attachments) }],
    ...template.options,
    ...parseRequestOptions(options.option ?? []),
  };
}

function systemOf(template: Template, options: RequestOptions): string | undefined {
  if (template.system === undefined) return undefined;
  return fillIn(template.system, readVariables(template, options.param ?? []));
}

async function chosenSchema(template: Template, options: RequestOptions) {
  if (options.schema !== undefined) return readSchema(options.schema);
  if (template.schema === undefined) return undefined;
  return readSchema(typeof template.schema === "string" ? template.schema : JSON.stringify(template.schema));
}

/** The messages before the prompt. A new system prompt replaces the one of the conversation. */
function begin(before: SavedConversation | undefined, system: string | undefined): Message[] {
  const messages = before?.messages ?? [];
  if (system === undefined) return [...messages];
  return [{ role: "system", content: system }, ...messages.filter(({ role }) => role !== "system")];
}

function contentOf(prompt: string, attachments: readonly UserPart[]): string | UserPart[] {
  if (attachments.length === 0) return prompt;
  return [...attachments, ...(prompt === "" ? [] : [{ type: "text" as const, text: prompt }])];
}
