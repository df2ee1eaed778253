import type { Warning } from "../../values/answer.js";
import type {
  AssistantMessage,
  Message,
  ToolCallPart,
  ToolMessage,
  ToolResultPart,
} from "../../values/message.js";

/** Whether a message is empty: only blank text, without state or vendor fields that must be sent back. */
export function isBlank({ content, extensions }: Message): boolean {
  if (extensions !== undefined) return false;
  if (typeof content === "string") return content.trim() === "";
  return content.every(
    (part) =>
      part.type === "text" &&
      part.text.trim() === "" &&
      part.origin === undefined &&
      part.extensions === undefined,
  );
}

/** The result of a call that has none. */
const NO_RESULT = "No result was given for this call: it was interrupted before it ended.";

/** A call that the caller runs, with the id that is sent. */
interface OpenCall {
  readonly call: ToolCallPart;
  readonly id: string;
  readonly turn: Turn;
  answered: boolean;
}

/** A turn with calls, and its results, which must follow it directly but are elsewhere in the history. */
interface Turn {
  readonly message: AssistantMessage;
  /** Path of the message. */
  readonly at: string;
  readonly calls: OpenCall[];
  readonly late: ToolResultPart[];
}

/**
 * A history that every vendor accepts. Every built-in provider applies it to what it sends.
 * - Turns that ended in an error or an abort are left out, with the results of their calls; so are empty turns of the
 *   model, which most vendors refuse.
 * - Results follow the turn of their calls directly, even if a message of the user is between them.
 * - A call without a result gets one that says so. A second result of one call is left out.
 * - Calls have unique ids. Some servers number the calls of each turn from 0, and Anthropic refuses a repeated id. A
 *   repeated id is renamed on the call and on its result.
 *
 * Results of unknown calls stay, because a stored response may hold the call. The same array comes back where nothing
 * changes.
 * @param warnings receives a warning for everything that was repaired but renamed ids, which no reader of the answer
 *   sees. They do not concern settings of the caller, so a call that treats losses as errors does not fail.
 * @param asyncTools the tools whose results may be in any later turn, for a target that allows it.
 */
export function repairHistory(
  messages: readonly Message[],
  warnings: Warning[] = [],
  asyncTools?: ReadonlySet<string>,
): readonly Message[] {
  let answered = false;
  for (const { role, content } of messages) {
    if (role !== "assistant") continue;
    if (typeof content !== "string") return new HistoryRepairer(messages, warnings, asyncTools).repair();
    answered = true;
  }
  return answered ? withoutIncomplete(messages, warnings) : messages;
}

function withoutIncomplete(messages: readonly Message[], warnings: Warning[]): readonly Message[] {
  const kept = messages.filter((message, i) => {
    if (message.role !== "assistant") return true;
    if (message.incomplete === true) warnings.push(repairWarning(`messages.${i}`, INCOMPLETE));
    else if (isBlank(message)) warnings.push(repairWarning(`messages.${i}`, EMPTY));
    else return true;
    return false;
  });
  return kept.length === messages.length ? messages : kept;
}

const INCOMPLETE = "a turn that failed midway is not sent, nor are the results of its calls";

const EMPTY = "a turn of the model that says nothing is not sent";

function repairWarning(field: string, what: string): Warning {
  return { code: "other", field, message: `The history was repaired at "${field}": ${what}` };
}

class HistoryRepairer {
  private readonly turns: (Message | Turn)[] = [];
  /** The calls of the latest turn that used an id. */
  private readonly calls = new Map<string, { readonly open: OpenCall[]; next: number }>();
  /** Ids of calls whose turn is left out. */
  private readonly gone = new Set<string>();
  /** Ids of the calls so far, as they are sent. */
  private readonly used = new Set<string>();
  /** The next suffix of each id that was renamed. */
  private readonly suffixes = new Map<string, number>();
  /** Every id of the history; made when the first id is renamed. */
  private all: Set<string> | undefined;
  /** Positions of messages of results that were joined with those that had to be added. */
  private readonly joined = new Set<number>();
  /** The turn that only results followed so far. */
  private latest: Turn | undefined;

  constructor(
    private readonly messages: readonly Message[],
    private readonly warnings: Warning[],
    private readonly asyncTools: ReadonlySet<string> | undefined,
  ) {}

  repair(): readonly Message[] {
    this.messages.forEach((message, i) => {
      const at = `messages.${i}`;
      if (message.role === "assistant") this.addTurn(message, at);
      else if (message.role === "tool") this.addResults(message, at);
      else {
        this.latest = undefined;
        this.turns.push(message);
      }
    });
    const repaired: Message[] = [];
    for (const [i, one] of this.turns.entries()) {
      if ("message" in one) repaired.push(...this.finishTurn(one, i));
      else if (!this.joined.has(i)) repaired.push(one);
    }
    const same =
      repaired.length === this.messages.length && repaired.every((one, i) => one === this.messages[i]);
    return same ? this.messages : repaired;
  }

  private warn(field: string, what: string): void {
    this.warnings.push(repairWarning(field, what));
  }

  private addTurn(message: AssistantMessage, at: string): void {
    const calls = callsOf(message);
    if (message.incomplete === true) {
      this.warn(at, INCOMPLETE);
      for (const { id } of calls) this.gone.add(id);
      return;
    }
    if (isBlank(message)) {
      this.warn(at, EMPTY);
      return;
    }
    const turn: Turn = { message, at, calls: [], late: [] };
    for (const call of calls) {
      this.gone.delete(call.id);
      const open: OpenCall = { call, id: this.uniqueId(call.id), turn, answered: false };
      const before = this.calls.get(call.id);
      if (before?.open[0]?.turn === turn) before.open.push(open);
      else this.calls.set(call.id, { open: [open], next: 0 });
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
      let n = this.suffixes.get(id) ?? 2;
      for (; this.used.has(unique) || this.all.has(unique); n++) unique = `${id}_${n}`;
      this.suffixes.set(id, n);
    }
    this.used.add(unique);
    return unique;
  }

  private addResults(message: ToolMessage, at: string): void {
    const here: ToolResultPart[] = [];
    message.content.forEach((result, j) => {
      const placed = this.place(result, `${at}.content.${j}`);
      if (placed !== undefined) here.push(placed);
    });
    if (here.length === 0) return;
    const same = here.length === message.content.length && here.every((one, i) => one === message.content[i]);
    this.turns.push(same ? message : { ...message, content: here });
  }

  /** A result that stays in its message; undefined for one that is left out or moves to its turn. */
  private place(result: ToolResultPart, at: string): ToolResultPart | undefined {
    if (result.executedBy !== undefined) return result;
    if (this.gone.has(result.id)) return undefined;
    const calls = this.calls.get(result.id);
    if (calls === undefined) return result;
    const open = calls.open[calls.next];
    if (open === undefined) {
      this.warn(at, "the call already has a result; this one is not sent");
      return undefined;
    }
    calls.next++;
    open.answered = true;
    const renamed = open.id === result.id ? result : { ...result, id: open.id };
    if (open.turn === this.latest || this.mayWait(open.call)) return renamed;
    this.warn(at, "the result was moved to its call");
    open.turn.late.push(renamed);
    return undefined;
  }

  private mayWait({ name }: ToolCallPart): boolean {
    return this.asyncTools?.has(name) === true;
  }

  /** A turn with the ids that are sent, and the results that must follow it. */
  private finishTurn({ message, at, calls, late }: Turn, place: number): Message[] {
    const open = calls.filter(({ answered, call }) => !answered && !this.mayWait(call));
    for (const { call } of open)
      this.warn(at, `the call of "${call.name}" has no result; one that says so is sent`);
    const results = [...open.map(interrupted), ...late];
    const turn = calls.some(({ call, id }) => call.id !== id) ? withIds(message, calls) : message;
    if (results.length === 0) return [turn];
    // One message has them all, in the order of the calls: some vendors pair results by their order.
    const next = this.turns[place + 1];
    const given = next !== undefined && "role" in next && next.role === "tool" ? next : undefined;
    if (given !== undefined) this.joined.add(place + 1);
    const order = new Map(calls.map(({ id }, i) => [id, i]));
    const content = [...results, ...(given?.content ?? [])].sort(
      (a, b) => (order.get(a.id) ?? calls.length) - (order.get(b.id) ?? calls.length),
    );
    return [turn, { ...given, role: "tool", content }];
  }
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
