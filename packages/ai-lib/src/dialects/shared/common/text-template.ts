import { streamJson } from "./stream-json.js";

/** A placeholder for the text while a template is made. */
const PROBE = "\u2063text\u2063";

/**
 * Writes the JSON of events that differ in one text alone, as the deltas of a part do. Only the text is encoded at each
 * event, which takes a fraction of the time that `JSON.stringify` needs for the whole event.
 */
export class TextTemplate {
  private head: string | undefined;
  private tail = "";

  /** @param eventOf the event with a text; all else in it stays the same from the first event on */
  constructor(private readonly eventOf: (text: string) => unknown) {}

  /** The same as `streamJson` of the event. */
  json(text: string): string {
    this.head ??= this.learn();
    return this.head === "" ? streamJson(this.eventOf(text)) : this.head + streamJson(text) + this.tail;
  }

  /** Cuts an event at the place of its text. @returns the text before it; `""` if the place is not certain */
  private learn(): string {
    const json = streamJson(this.eventOf(PROBE));
    const place = JSON.stringify(PROBE);
    const at = json.indexOf(place);
    if (at === -1 || json.includes(PROBE, at + place.length)) return "";
    this.tail = json.slice(at + place.length);
    return json.slice(0, at);
  }
}
