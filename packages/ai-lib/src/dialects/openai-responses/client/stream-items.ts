import { AiLibError } from "../../../core/errors/error.js";
import type { JsonObject } from "../../../core/values/json.js";

/** Items that one answer may have; more is a runaway upstream. */
const MAX_ITEMS = 100_000;

/** Parts that one item may have. */
const MAX_PARTS = 10_000;

/** What a slot's deltas are. */
export type SlotKind = "text" | "refusal" | "reasoning" | "tool-call";

/** One part of the answer that a stream is bringing. */
export class Slot {
  /** Its index in the answer; -1 until something of it has come. */
  index = -1;
  /** Characters of it that came as deltas. */
  length = 0;
  /** The last delta, by which a later whole text is known to go on from the same place. */
  last = "";
  /** Annotations that were read. */
  annotations = 0;

  constructor(readonly kind: SlotKind) {}

  /**
   * What a whole text has beyond the deltas that came: all of it where none came (LM Studio), nothing where the
   * two do not fit together.
   */
  rest(whole: string): string {
    if (this.length === 0) return whole;
    if (whole.length <= this.length || !whole.startsWith(this.last, this.length - this.last.length))
      return "";
    return whole.slice(this.length);
  }
}

/** One output item that a stream is bringing. */
export class OpenItem {
  done = false;
  /** Text and refusal by `content_index`; the thinking of a reasoning item too. */
  readonly content: (Slot | undefined)[] = [];
  /** Summaries by `summary_index`. */
  readonly summary: (Slot | undefined)[] = [];
  /** The call that the item is. */
  call: Slot | undefined;

  constructor(
    readonly type: string,
    /** The item as it was announced; empty where nothing announced it. */
    readonly announced: JsonObject,
  ) {}

  /** The slots in the order in which their parts began. */
  begun(): Slot[] {
    const slots: Slot[] = [];
    for (const slot of this.content) if (slot !== undefined && slot.index >= 0) slots.push(slot);
    for (const slot of this.summary) if (slot !== undefined && slot.index >= 0) slots.push(slot);
    return slots.sort((a, b) => a.index - b.index);
  }
}

/** The items of one stream by their place in the output. */
export class OpenItems {
  private readonly items = new Map<number, OpenItem>();
  private current = 0;
  private next = 0;

  /** How many places have been seen. */
  get size(): number {
    return this.items.size;
  }

  /** The item of an event: by its place, or the latest where the event tells none. */
  find(at: unknown): OpenItem | undefined {
    return this.items.get(typeof at === "number" ? at : this.current);
  }

  /** The latest item of a type that has not ended. */
  latest(type: string): OpenItem | undefined {
    let found: OpenItem | undefined;
    for (const item of this.items.values()) if (item.type === type && !item.done) found = item;
    return found;
  }

  /**
   * Puts an item into its place.
   * @throws {AiLibError} `INVALID_RESPONSE` for an answer without end.
   */
  put(at: unknown, item: OpenItem): OpenItem {
    const key = typeof at === "number" ? at : this.next;
    this.next = Math.max(this.next, key + 1);
    this.current = key;
    this.items.set(key, item);
    if (this.items.size > MAX_ITEMS) throw runaway(`${MAX_ITEMS} items`);
    return item;
  }

  all(): Iterable<OpenItem> {
    return this.items.values();
  }
}

/**
 * The slot at a place of an item; another kind of part at the same place is another slot.
 * @throws {AiLibError} `INVALID_RESPONSE` for a place that no answer has.
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
  return new AiLibError({ code: "INVALID_RESPONSE", message: `The answer passed ${what}; it was stopped` });
}
