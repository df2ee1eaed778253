import { z } from "zod";
import { type CallActivity, MAX_SAMPLES, WINDOW_MS } from "../../live/call-window.js";
import type { Sent } from "../route.js";
import { name, Time, timeOf } from "../shapes.js";

const MINUTES = WINDOW_MS / 60_000;

const Percentiles = name("Percentiles", z.object({ p50: z.number(), p95: z.number() }));

/** What calls or attempts do now, and did in the last minutes. */
export const Activity = name(
  "CallActivity",
  z.object({
    running: z.int().describe("Now"),
    calls: z.int().describe(`Those that ended within the last ${MINUTES} minutes, in whatever way`),
    failures: z.int().describe(`Of \`calls\`, those that failed`),
    cancelled: z
      .int()
      .describe("Of `calls`, those that ended early: the client disconnected, or another attempt was faster"),
    latency: z
      .object({
        calls: z.int().describe("How many they are"),
        firstContentMs: Percentiles.describe("Time to the first content; of a whole answer, to all of it"),
        totalMs: Percentiles.describe("Time to the end"),
      })
      .optional()
      .describe(
        `Milliseconds, of the latest ${MAX_SAMPLES} that succeeded within the last ${MINUTES} minutes; absent without any`,
      ),
    lastError: z
      .object({ code: z.string(), status: z.int().optional().describe("Of HTTP"), at: Time })
      .optional()
      .describe("The last failure since the start, without its message, which may quote a provider"),
  }),
);

/** Writes it as the API does. */
export function activityOf({ latency, lastError, ...counts }: CallActivity): Sent<typeof Activity> {
  return {
    ...counts,
    ...(latency !== undefined && { latency }),
    ...(lastError !== undefined && {
      lastError: {
        code: lastError.code,
        ...(lastError.status !== undefined && { status: lastError.status }),
        at: timeOf(lastError.at),
      },
    }),
  };
}
