import type { Warning } from "../../values/answer.js";
import type { ChatRequest } from "../../values/chat-request.js";
import type { ContentPart, Message } from "../../values/message.js";
import type { NameForm } from "../../values/name-form.js";
import type { ToolChoice } from "../../values/tool.js";

/** A request whose tools have names that its target accepts. */
export interface NamedRequest {
  readonly request: ChatRequest;
  /** The caller's names by the names that are sent; undefined where all are sent unchanged. */
  readonly names: ReadonlyMap<string, string> | undefined;
  readonly warnings: readonly Warning[];
}

/**
 * Replaces the names of tools that a target refuses, in the tools, the choice, the calls and their results. Valid names
 * do not change, different names stay different, and a name is always replaced by the same one. Names of tools that the
 * provider runs do not change.
 * @param form what the target accepts; undefined for any name.
 */
export function nameTools(request: ChatRequest, form: NameForm | undefined): NamedRequest {
  const wrong = form === undefined ? NONE : wrongNames(request, form);
  if (form === undefined || wrong.length === 0) return { request, names: undefined, warnings: NONE };
  const sent = new Map<string, string>();
  const taken = new Set(allNames(request).filter((name) => form.fits.test(name)));
  for (const name of wrong) {
    let made = form.make(name, 0);
    for (let attempt = 1; taken.has(made); attempt++) made = form.make(name, attempt);
    taken.add(made);
    sent.set(name, made);
  }
  return {
    request: renamed(request, sent),
    names: new Map([...sent].map(([name, made]) => [made, name])),
    warnings: warningsOf(request, sent),
  };
}

const NONE: readonly never[] = [];

function wrongNames(request: ChatRequest, form: NameForm): readonly string[] {
  // Most requests have no tools.
  if (request.tools === undefined && request.messages.every(isPlain)) return NONE;
  return [...new Set(allNames(request))].filter((name) => !form.fits.test(name));
}

function isPlain({ content }: Message): boolean {
  return typeof content === "string";
}

/** Tools first, so that they have the same names in every request of a conversation. */
function allNames({ tools = [], messages }: ChatRequest): string[] {
  const names: string[] = [];
  for (const tool of tools) if (tool.type !== "provider") names.push(tool.name);
  for (const { content } of messages) {
    if (typeof content === "string") continue;
    for (const part of content) {
      const name = nameOf(part);
      if (name !== undefined) names.push(name);
    }
  }
  return names;
}

/** The name of a tool that the caller runs. */
function nameOf(part: ContentPart): string | undefined {
  return (part.type === "tool-call" || part.type === "tool-result") && part.executedBy === undefined
    ? part.name
    : undefined;
}

function renamed(request: ChatRequest, sent: ReadonlyMap<string, string>): ChatRequest {
  const { tools, toolChoice, messages } = request;
  return {
    ...request,
    messages: messages.map((message) => renameParts(message, sent)),
    tools: tools?.map((tool) =>
      tool.type !== "provider" && sent.has(tool.name)
        ? { ...tool, name: sent.get(tool.name) ?? tool.name }
        : tool,
    ),
    toolChoice: renameChoice(toolChoice, sent),
  };
}

function renameChoice(
  choice: ToolChoice | undefined,
  sent: ReadonlyMap<string, string>,
): ToolChoice | undefined {
  if (typeof choice !== "object") return choice;
  const rename = (name: string): string => sent.get(name) ?? name;
  return "names" in choice ? { ...choice, names: choice.names.map(rename) } : { name: rename(choice.name) };
}

function renameParts(message: Message, sent: ReadonlyMap<string, string>): Message {
  if (typeof message.content === "string") return message;
  const content = message.content.map((part) => {
    const name = sent.get(nameOf(part) ?? "");
    return name === undefined ? part : { ...part, name };
  });
  return content.some((part, i) => part !== message.content[i])
    ? ({ ...message, content } as Message)
    : message;
}

/** Answers have the caller's names, so a call that treats losses as errors does not fail. */
function warningsOf({ tools = [] }: ChatRequest, sent: ReadonlyMap<string, string>): Warning[] {
  const warnings: Warning[] = [];
  tools.forEach((tool, i) => {
    const name = tool.type === "provider" ? undefined : sent.get(tool.name);
    if (name !== undefined)
      warnings.push({
        code: "other",
        field: `tools.${i}.name`,
        message: `"tools.${i}.name" is sent as "${name}", since the target refuses its characters or length; answers have the name of the request`,
      });
  });
  return warnings;
}
