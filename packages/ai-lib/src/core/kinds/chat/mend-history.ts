import type {
  AssistantMessage,
  Message,
  ToolCallPart,
  ToolMessage,
  ToolResultPart,
} from "../../values/message.js";

/** The result of a call that has none. */
const NO_RESULT = "No result was given for this call: it was interrupted before it ended.";

/** A call that the caller runs, with the id that is sent. */
interface OpenCall {
  readonly call: ToolCallPart;
  readonly id: string;
  readonly turn: Turn;
  answered: boolean;
}

/** A turn with calls, and the results that must follow it directly but stand elsewhere. */
interface Turn {
  readonly message: AssistantMessage;
  readonly calls: OpenCall[];
  readonly late: ToolResultPart[];
}

/**
 * A history that every vendor accepts. Every built-in provider applies it to what it sends.
 * - Turns that ended in an error or an abort are left out, with the results of their calls.
 * - Results follow the turn of their calls directly, even if the user spoke in between.
 * - A call without a result gets one that says so. A second result of one call is left out.
 * - Calls have unique ids. Some servers number the calls of each turn from 0, and Anthropic refuses a repeated id. A
 *   repeated id is renamed on the call and on its result.
 *
 * Results of unknown calls stay, because a stored response may hold the call. The same array comes back where nothing
 * changes.
 */
export function mendHistory(messages: readonly Message[]): readonly Message[] {
  return messages.some((message) => message.role === "assistant" && typeof message.content !== "string")
    ? new HistoryMender(messages).mend()
    : withoutIncomplete(messages);
}

function withoutIncomplete(messages: readonly Message[]): readonly Message[] {
  const isIncomplete = (message: Message) => message.role === "assistant" && message.incomplete === true;
  return messages.some(isIncomplete) ? messages.filter((message) => !isIncomplete(message)) : messages;
}

class HistoryMender {
  private readonly turns: (Message | Turn)[] = [];
  /** The calls of the latest turn that used an id. */
  private readonly calls = new Map<string, OpenCall[]>();
  /** Ids of calls whose turn is left out. */
  private readonly gone = new Set<string>();
  /** Ids of the calls so far, as they are sent. */
  private readonly used = new Set<string>();
  /** Every id of the history; made when the first id is renamed. */
  private all: Set<string> | undefined;
  /** The turn that only results followed so far. */
  private latest: Turn | undefined;

  constructor(private readonly messages: readonly Message[]) {}

  mend(): readonly Message[] {
    for (const message of this.messages) {
      if (message.role === "assistant") this.addTurn(message);
      else if (message.role === "tool") this.addResults(message);
      else {
        this.latest = undefined;
        this.turns.push(message);
      }
    }
    const mended = this.turns.flatMap((one) => ("message" in one ? finishTurn(one) : [one]));
    const same = mended.length === this.messages.length && mended.every((one, i) => one === this.messages[i]);
    return same ? this.messages : mended;
  }

  private addTurn(message: AssistantMessage): void {
    const calls = callsOf(message);
    if (message.incomplete === true) {
      for (const { id } of calls) this.gone.add(id);
      return;
    }
    const turn: Turn = { message, calls: [], late: [] };
    for (const call of calls) {
      this.gone.delete(call.id);
      const open: OpenCall = { call, id: this.uniqueId(call.id), turn, answered: false };
      const before = this.calls.get(call.id);
      if (before?.[0]?.turn === turn) before.push(open);
      else this.calls.set(call.id, [open]);
      turn.calls.push(open);
    }
    this.latest = turn;
    this.turns.push(turn);
  }

  private uniqueId(id: string): string {
    let unique = id;
    if (this.used.has(id)) {
      this.all ??= new Set(
        this.messages.flatMap((one) => (one.role === "assistant" ? callsOf(one) : [])).map((call) => call.id),
      );
      for (let n = 2; this.used.has(unique) || this.all.has(unique); n++) unique = `${id}_${n}`;
    }
    this.used.add(unique);
    return unique;
  }

  private addResults(message: ToolMessage): void {
    const here: ToolResultPart[] = [];
    for (const result of message.content) {
      const placed = this.place(result);
      if (placed !== undefined) here.push(placed);
    }
    if (here.length === 0) return;
    const same = here.length === message.content.length && here.every((one, i) => one === message.content[i]);
    this.turns.push(same ? message : { ...message, content: here });
  }

  /** A result that stays in its message; undefined for one that is left out or moves to its turn. */
  private place(result: ToolResultPart): ToolResultPart | undefined {
    if (result.executedBy !== undefined) return result;
    if (this.gone.has(result.id)) return undefined;
    const calls = this.calls.get(result.id);
    if (calls === undefined) return result;
    const open = calls.find(({ answered }) => !answered);
    if (open === undefined) return undefined;
    open.answered = true;
    const renamed = open.id === result.id ? result : { ...result, id: open.id };
    if (open.turn === this.latest) return renamed;
    open.turn.late.push(renamed);
    return undefined;
  }
}

/** A turn with the ids that are sent, and the results that must follow it. */
function finishTurn({ message, calls, late }: Turn): Message[] {
  const results = [...calls.filter(({ answered }) => !answered).map(interrupted), ...late];
  const turn = calls.some(({ call, id }) => call.id !== id) ? withIds(message, calls) : message;
  return results.length === 0 ? [turn] : [turn, { role: "tool", content: results }];
}

function withIds(message: AssistantMessage, calls: readonly OpenCall[]): AssistantMessage {
  if (typeof message.content === "string") return message;
  const ids = new Map(calls.map(({ call, id }) => [call, id]));
  return {
    ...message,
    content: message.content.map((part) => {
      const id = part.type === "tool-call" ? ids.get(part) : undefined;
      return id === undefined ? part : { ...part, id };
    }),
  } as AssistantMessage;
}

/** The calls of a turn that the caller runs. */
function callsOf(turn: AssistantMessage): ToolCallPart[] {
  if (typeof turn.content === "string") return [];
  return turn.content.filter(
    (part): part is ToolCallPart => part.type === "tool-call" && part.executedBy === undefined,
  );
}

function interrupted({ call, id }: OpenCall): ToolResultPart {
  return { type: "tool-result", id, name: call.name, content: NO_RESULT, isError: true };
}
