import { z } from "zod";
import { AdminError } from "../errors.js";
import { maskConfig } from "../mask-config.js";
import { defineRoute } from "../route.js";
import { name } from "../shapes.js";

const ServedConfig = name(
  "ServedConfig",
  z.object({
    revision: z.string().describe("Changes with the text of the file"),
    config: z
      .record(z.string(), z.unknown())
      .describe("As `schema.json` describes it. Secrets are references; texts that may hold one are masked"),
  }),
);

export const getConfig = defineRoute({
  id: "getConfig",
  method: "GET",
  path: "/config",
  tag: "config",
  summary: "The configuration that is served",
  role: "viewer",
  reply: ServedConfig,
  versioned: true,
  errors: ["not_configured"],
  handle: ({ parts: { served } }) => {
    const plan = served.plan();
    if (plan === undefined) throw new AdminError("not_configured", "The gateway runs without a file");
    const { revision, config } = plan;
    return { body: { revision, config: maskConfig(config) }, version: revision };
  },
});

export const reloadConfig = defineRoute({
  id: "reloadConfig",
  method: "POST",
  path: "/config/reload",
  tag: "config",
  summary: "Reads the file again; a wrong one changes nothing",
  role: "owner",
  reply: name("Reloaded", z.object({ revision: z.string() })),
  action: "config.reload",
  errors: ["not_configured"],
  handle: async ({ parts: { served } }) => {
    if (served.reload === undefined)
      throw new AdminError("not_configured", "The gateway runs without a file, or does not read it again");
    const before = served.plan()?.revision;
    await served.reload();
    const revision = served.plan()?.revision ?? "";
    return {
      body: { revision },
      audit: { target: "config", before: { revision: before }, after: { revision } },
    };
  },
});
