import type { ToolRunResult } from "../values/tool-run.js";
import type { ToolRunEvent } from "../values/tool-run-event.js";
import type { EventBodyOptions, EventResponseOptions, NodeResponse } from "./stream.js";

/**
 * A run of tools. Nothing is sent until it is awaited, iterated, or one of its members is used. A run that is only
 * awaited makes unary calls; one that is iterated makes streams. Leaving the loop, or aborting the signal, stops the
 * model and the tools. It can be iterated once.
 *
 * @example
 * const clock = defineTool({ name: "clock", parameters: { type: "object" }, execute: () => new Date() });
 * const { response } = await client.runTools("What time is it?", [clock]);
 *
 * for await (const event of client.runTools("And now?", [clock])) {
 *   if (event.type === "text-delta") process.stdout.write(event.text);
 *   else if (event.type === "tool-start") console.log(event.name, event.arguments);
 * }
 */
export interface ToolRun extends Promise<ToolRunResult>, AsyncIterable<ToolRunEvent> {
  /**
   * Only the text of the model, piece by piece, of all rounds. It fails instead of a restart, as `stream.text` does.
   */
  readonly text: AsyncIterable<string>;
  /**
   * How the run ended; the same as awaiting it. May be called before, during or after the loop.
   * Rejects with the error of the run, which has `toolRun`. Never raises an unhandled rejection.
   */
  result(): Promise<ToolRunResult>;
  /** The events as bytes, as those of a stream; cancelling it stops the run. */
  toReadableStream(options?: EventBodyOptions): ReadableStream<Uint8Array>;
  /** A web response with the events as its body, as that of a stream; a client that disconnects stops the run. */
  toResponse(options?: EventResponseOptions): Response;
  /** Writes the same to a response of `node:http`, as that of a stream. It never rejects. */
  pipeTo(response: NodeResponse, options?: EventResponseOptions): Promise<void>;
}
