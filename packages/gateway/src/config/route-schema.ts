import { z } from "zod";
import { Kinds } from "./kind-schema.js";
import { Member } from "./member-schema.js";
import { positive } from "./number-schema.js";

export const Timeouts = z
  .strictObject({
    connectMs: positive.optional().describe("Until the connection is established"),
    headMs: positive.optional().describe("Streams: until the head of the reply"),
    firstContentMs: positive.optional().describe("Streams: until the first content"),
    answerMs: positive.optional().describe("The whole answer of a call that does not stream"),
    idleMs: positive.optional().describe("Streams: without a byte"),
    stallMs: positive.optional().describe("Streams: bytes without progress"),
    attemptMs: positive.optional().describe("One attempt, whole"),
    streamMs: positive.optional().describe("Streams: from the first content to the end"),
    totalMs: positive.optional().describe("All attempts and waits, until an answer begins"),
  })
  .meta({
    id: "Timeouts",
    description: "Timeouts in milliseconds; those that are absent have the defaults of ai-lib",
  });

const HeaderRules = z
  .strictObject({
    set: z
      .record(z.string(), z.string())
      .optional()
      .describe("Headers of every request to a provider, in place of those of the client"),
    pass: z
      .array(z.string())
      .optional()
      .describe("Headers of the client that the gateway forwards to every provider"),
  })
  .meta({ id: "HeaderRules" });

const Hook = z
  .strictObject({
    at: z
      .enum(["request", "response", "end"])
      .describe(
        "`request` may refuse or change the call; `response` may refuse or change the answer, of which a stream is sent only after its end; `end` gets the outcome",
      ),
    module: z.string().optional().describe("A module whose `hook` is called"),
    url: z.string().optional().describe("A URL that receives the same data as JSON in a POST request"),
    timeoutMs: positive.optional().describe("Default 5000"),
    onFailure: z
      .enum(["refuse", "continue"])
      .optional()
      .describe("Whether a hook that fails refuses the call. Default refuse"),
  })
  .meta({ id: "Hook" });

export const Route = z
  .strictObject({
    use: Member.describe("The member that answers"),
    kinds: Kinds.optional().describe("Kinds of call that every member must have. Default: chat"),
    timeouts: Timeouts.optional(),
    midStream: z
      .enum(["fail", "splice", "continue"])
      .optional()
      .describe("What happens to a stream that breaks. Default fail"),
    maxRepeats: z
      .int()
      .nonnegative()
      .optional()
      .describe("Requests after the first one of each member, in the whole call. Default 4"),
    maxAttempts: z.int().positive().optional().describe("All requests of one call. Default: no limit"),
    bytes: z
      .boolean()
      .optional()
      .describe("Pass the client's bytes to providers of its dialect. Default true"),
    headers: HeaderRules.optional(),
    hooks: z.array(Hook).optional(),
  })
  .meta({ id: "Route" });

/** A route with its settings. */
export type RouteNode = z.input<typeof Route>;

/** Rules for headers. */
export type HeaderRulesNode = z.input<typeof HeaderRules>;

/** One hook. */
export type HookNode = z.input<typeof Hook>;
