import { z } from "zod";
import { readVersion } from "../../version.js";
import { defineRoute } from "../route.js";
import { name, Time, timeOf } from "../shapes.js";

const Status = name(
  "Status",
  z.object({
    version: z.string(),
    revision: z.string().optional().describe("Of the configuration; absent without a file"),
    draining: z.boolean(),
    running: z.int().describe("Requests that are being answered"),
    reload: z
      .object({ at: Time, outcome: z.enum(["applied", "refused"]) })
      .optional()
      .describe("The outcome of the last reload"),
  }),
);

export const getStatus = defineRoute({
  id: "getStatus",
  method: "GET",
  path: "/status",
  tag: "gateway",
  summary: "The state of the process",
  role: "viewer",
  reply: Status,
  handle: ({ parts: { served } }) => {
    const { draining, revision, reload } = served.readiness();
    return {
      body: {
        ...{ version: readVersion(), draining, running: served.running() },
        ...(revision !== undefined && { revision }),
        ...(reload !== undefined && {
          reload: { at: timeOf(reload.at), outcome: reload.ok ? ("applied" as const) : ("refused" as const) },
        }),
      },
    };
  },
});
