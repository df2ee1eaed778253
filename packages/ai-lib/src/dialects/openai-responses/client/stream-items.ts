import { AiLibError } from "../../../core/errors/error.js";
import type { JsonObject } from "../../../core/values/json.js";

/** The most items of one answer. */
const MAX_ITEMS = 100_000;

/** The most parts of one item. */
const MAX_PARTS = 10_000;

/** The kind of a part. */
export type SlotKind = "text" | "refusal" | "reasoning" | "tool-call";

/** A part of a stream. */
export class Slot {
  /** Its index in the answer; -1 before its first content. */
  index = -1;
  /** The number of characters in its deltas. */
  length = 0;
  /** The last delta, to check that a complete text continues from it. */
  last = "";
  /** The number of annotations so far. */
  annotations = 0;

  constructor(readonly kind: SlotKind) {}

  /**
   * What a complete text has beyond the deltas: all of it if there were none (LM Studio), nothing if it does not
   * continue them.
   */
  rest(whole: string): string {
    if (this.length === 0) return whole;
    if (whole.length <= this.length || !whole.startsWith(this.last, this.length - this.last.length))
      return "";
    return whole.slice(this.length);
  }
}

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
  private current = 0;
  private next = 0;

  /** The number of places so far. */
  get size(): number {
    return this.items.size;
  }

  /** The item of an event: by its place, or the latest one if the event has none. */
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
   * @throws {AiLibError} `INVALID_RESPONSE` for more items than one answer may have.
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
