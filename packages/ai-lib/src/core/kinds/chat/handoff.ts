import type {
  AssistantMessage,
  ContentPart,
  Message,
  ToolCallPart,
  ToolMessage,
  ToolResultPart,
} from "../../values/message.js";

/** How {@link handoff} treats what another model thought. */
export interface HandoffOptions {
  /** `drop` leaves it out; `text` keeps what is readable as plain text. Default `drop`. */
  readonly reasoning?: "drop" | "text" | undefined;
}

/** What the model is told of a call that nobody answered. */
const NO_RESULT = "No result was given for this call: it was interrupted before it ended.";

/**
 * A history that any vendor accepts, whoever began it: turns that ended in an error or an abort are left out, and a
 * call that nobody answered gets a result that says so. Every built-in provider applies it to what it sends; the
 * same array comes back where there is nothing to mend.
 */
export function mendHistory(messages: readonly Message[]): readonly Message[] {
  let mended: Message[] | undefined;
  /** Calls of turns that were left out: their results go with them. */
  const gone = new Set<string>();
  for (let i = 0; i < messages.length; i++) {
    const message = messages[i] as Message;
    if (message.role === "assistant" && message.incomplete === true) {
      mended ??= messages.slice(0, i);
      for (const call of callsOf(message)) gone.add(call.id);
      continue;
    }
    const kept = gone.size > 0 && message.role === "tool" ? withoutResults(message, gone) : message;
    if (kept !== undefined) mended?.push(kept);
    if (message.role !== "assistant") continue;
    const open = unanswered(message, messages, i + 1);
    if (open.length === 0) continue;
    mended ??= messages.slice(0, i + 1);
    mended.push({ role: "tool", content: open.map(interrupted) });
  }
  return mended ?? messages;
}

/** The calls of a turn that the caller had to run. */
function callsOf(turn: AssistantMessage): ToolCallPart[] {
  if (typeof turn.content === "string") return [];
  return turn.content.filter(
    (part): part is ToolCallPart => part.type === "tool-call" && part.executedBy === undefined,
  );
}

function withoutResults(message: ToolMessage, gone: ReadonlySet<string>): ToolMessage | undefined {
  const content = message.content.filter((result) => !gone.has(result.id));
  return content.length === 0 ? undefined : { ...message, content };
}

/** Calls of a turn that no result follows. Results may stand in several messages, up to the next turn of the model. */
function unanswered(turn: AssistantMessage, messages: readonly Message[], from: number): ToolCallPart[] {
  let open = callsOf(turn);
  for (let i = from; i < messages.length && open.length > 0; i++) {
    const message = messages[i] as Message;
    if (message.role === "assistant") break;
    if (message.role !== "tool") continue;
    const answered = new Set(message.content.map((result) => result.id));
    open = open.filter((call) => !answered.has(call.id));
  }
  return open;
}

function interrupted(call: ToolCallPart): ToolResultPart {
  return { type: "tool-result", id: call.id, name: call.name, content: NO_RESULT, isError: true };
}

/**
 * Makes a conversation ready to be continued by another model, whatever vendor it is of: no opaque state, no
 * redacted thinking, readable thinking left out or kept as text, and the mending of {@link mendHistory}. Providers
 * already leave out the state of others with a warning; this does it beforehand and without one.
 *
 * @example
 * await claude.chat({ messages: [...handoff(history, { reasoning: "text" }), { role: "user", content: "Go on" }] });
 */
export function handoff(messages: readonly Message[], options: HandoffOptions = {}): Message[] {
  const keep = options.reasoning === "text";
  const moved: Message[] = [];
  for (const message of mendHistory(messages)) {
    if (message.role !== "assistant" || typeof message.content === "string") {
      moved.push(message);
      continue;
    }
    const content = message.content.flatMap((part) => plain(part, keep));
    if (content.length > 0) moved.push({ ...message, content });
  }
  return moved;
}

function plain(part: ContentPart, keepReasoning: boolean): ContentPart[] {
  if (part.type === "reasoning")
    return keepReasoning && part.text !== "" ? [{ type: "text", text: part.text }] : [];
  // What another vendor's own tools did is told by the text that came of it.
  if ((part.type === "tool-call" || part.type === "tool-result") && part.executedBy !== undefined) return [];
  if (part.origin === undefined) return [part];
  const { origin: _state, ...rest } = part;
  return [rest as ContentPart];
}
