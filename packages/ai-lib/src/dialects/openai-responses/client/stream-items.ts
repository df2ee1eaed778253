import { AiLibError } from "../../../core/errors/error.js";
import { JoinedText } from "../../../core/values/joined-text.js";
import type { JsonObject } from "../../../core/values/json.js";

/** The most items of one answer. */
const MAX_ITEMS = 10_000;

/** The most parts of one item. */
const MAX_PARTS = 10_000;

/** The kind of a part. */
export type SlotKind = "text" | "refusal" | "reasoning" | "tool-call";

/** A part of a stream. */
export class Slot {
  /** Its index in the answer; -1 before its first content. */
  index = -1;
  readonly joined = new JoinedText();
  /** The field of an object that the text of a call becomes, where it is not JSON (code). */
  wrap: string | undefined;
  /** The number of annotations so far. */
  annotations = 0;
  /** The events that repeated its whole text. */
  readonly repeated = new Set<WholeEvent>();

  constructor(readonly kind: SlotKind) {}

  /** The text of its deltas. */
  get text(): string {
    return this.joined.text;
  }
}

/** An event that repeats the whole text of a part: the end of the text, of the part or of the item. */
export type WholeEvent = "text" | "part" | "item";

/** An output item of a stream. */
export class OpenItem {
  done = false;
  /** Text, refusal and thinking by `content_index`. */
  readonly content: (Slot | undefined)[] = [];
  /** Summaries by `summary_index`. */
  readonly summary: (Slot | undefined)[] = [];
  /** The call, if the item is one. */
  call: Slot | undefined;

  constructor(
    readonly type: string,
    /** The item of the event that announced it; its type alone if there was none. */
    readonly announced: JsonObject,
  ) {}

  /**
   * The part whose whole text an event repeats. It is found by its text, since some servers count the places of deltas
   * and of whole texts differently: the part at the place counts if its deltas are the beginning of the whole, else one
   * of the same kind whose deltas are, else the part at the place, which may be a new one.
   * @throws {AiLibError} `INVALID_RESPONSE` for a place beyond the limit.
   */
  partOf(place: "content" | "summary", at: unknown, kind: SlotKind, whole: string, event: WholeEvent): Slot {
    const list = this[place];
    const continues = (slot: Slot | undefined): boolean =>
      slot !== undefined &&
      slot.kind === kind &&
      slot.text !== "" &&
      !slot.repeated.has(event) &&
      whole.startsWith(slot.text);
    const placed = typeof at === "number" ? list[at] : undefined;
    const found = continues(placed) ? placed : list.find(continues);
    const slot = found ?? slotAt(list, at, kind);
    slot.repeated.add(event);
    return slot;
  }

  /** All readable text so far. */
  get text(): string {
    let text = "";
    for (const slot of this.begun()) text += slot.text;
    return text;
  }

  /** The parts that have content, in their order. */
  begun(): Slot[] {
    const slots: Slot[] = [];
    for (const slot of this.content) if (slot !== undefined && slot.index >= 0) slots.push(slot);
    for (const slot of this.summary) if (slot !== undefined && slot.index >= 0) slots.push(slot);
    return slots.sort((a, b) => a.index - b.index);
  }
}

/** The items of a stream by their place in the output. */
export class OpenItems {
  private readonly items = new Map<number, OpenItem>();
  /** The items of each type in the order in which they came, and their places. Those at the end that ended are removed. */
  private readonly byType = new Map<string, { readonly at: number; readonly item: OpenItem }[]>();
  private current = 0;
  private next = 0;

  /** The item of an event: by its place, or the latest one if the event has none. */
  find(at: unknown): OpenItem | undefined {
    return this.items.get(typeof at === "number" ? at : this.current);
  }

  /** The items of a type, in the order in which they came. */
  ofType(type: string): OpenItem[] {
    return [...this.items.values()].filter((item) => item.type === type);
  }

  /** The latest item of a type that has not ended. */
  latest(type: string): OpenItem | undefined {
    const items = this.byType.get(type) ?? [];
    for (let last = items.at(-1); last !== undefined; last = items.at(-1)) {
      if (!last.item.done && this.items.get(last.at) === last.item) return last.item;
      items.pop();
    }
    return undefined;
  }

  /**
   * Puts an item into its place.
   * @throws {AiLibError} `INVALID_RESPONSE` for more items than one answer may have.
   */
  put(at: unknown, item: OpenItem): OpenItem {
    const key = typeof at === "number" ? at : this.next;
    this.next = Math.max(this.next, key + 1);
    this.current = key;
    this.items.set(key, item);
    const ofType = this.byType.get(item.type);
    if (ofType === undefined) this.byType.set(item.type, [{ at: key, item }]);
    else ofType.push({ at: key, item });
    if (this.items.size > MAX_ITEMS) throw runaway(`${MAX_ITEMS} items`);
    return item;
  }

  all(): Iterable<OpenItem> {
    return this.items.values();
  }
}

/**
 * The part at a place of an item. Another kind of part at the same place is another part.
 * @throws {AiLibError} `INVALID_RESPONSE` for a place beyond the limit.
 */
export function slotAt(list: (Slot | undefined)[], at: unknown, kind: SlotKind): Slot {
  const place = typeof at === "number" ? at : 0;
  const found = list[place];
  if (found !== undefined && found.kind === kind) return found;
  if (!Number.isInteger(place) || place < 0 || place > MAX_PARTS)
    throw runaway(`${MAX_PARTS} parts in one item`);
  const slot = new Slot(kind);
  list[place] = slot;
  return slot;
}

function runaway(what: string): AiLibError {
  return new AiLibError({ code: "INVALID_RESPONSE", message: `The answer exceeds ${what}` });
}
