import { asString, type JsonObject, type MutableJson } from "../../../core/values/json.js";
import type { ItemEvents } from "./item-events.js";
import { itemId, WrittenItem } from "./items.js";

/** The items of an answer in progress, in order. */
export class AnswerItems {
  /** The id of the response. Items without an id derive theirs from it. */
  responseId = "";
  private readonly items: WrittenItem[] = [];
  /** Items that have not ended. */
  private unended: WrittenItem[] = [];

  constructor(private readonly events: ItemEvents) {}

  /** The item that a part goes into: the last one if both came from the same item, else a new one. */
  itemFor(type: "message" | "reasoning", state: JsonObject | undefined): WrittenItem {
    const id = asString(state?.["id"]);
    const last = this.items.at(-1);
    if (id !== undefined && last !== undefined && last.type === type && last.id === id && !last.done)
      return last;
    const item = this.begin(type, state);
    this.events.itemAdded(item);
    return item;
  }

  /** An item that is complete when it begins. */
  whole(type: string, state: JsonObject | undefined, fields: MutableJson = {}): void {
    const item = this.begin(type, state);
    item.fields = fields;
    item.takeState(state);
    this.events.itemAdded(item);
  }

  /** Begins an item, which the caller announces. Items that can end do so before. */
  begin(type: string, state: JsonObject | undefined): WrittenItem {
    this.settle();
    const at = this.items.length;
    const id = asString(state?.["id"]) ?? "";
    const item = new WrittenItem(at, id === "" ? itemId(type, this.responseId, at) : id, type, state);
    this.items.push(item);
    this.unended.push(item);
    return item;
  }

  /** The call that still waits for its result. */
  awaiting(id: string): WrittenItem | undefined {
    return this.unended.findLast((item) => item.awaitsResult && item.id === id);
  }

  /** Ends every item. @returns all of them. */
  end(): JsonObject[] {
    for (const item of this.unended) item.awaitsResult = false;
    this.settle();
    return this.items.map((item) => item.json());
  }

  /** Ends every item that can receive nothing more. */
  private settle(): void {
    const rest: WrittenItem[] = [];
    for (const item of this.unended) {
      if (item.open > 0 || item.awaitsResult) rest.push(item);
      else {
        item.done = true;
        this.events.itemDone(item);
      }
    }
    this.unended = rest;
  }
}
