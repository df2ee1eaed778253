import { describe, expect, it } from "vitest";
import { ask, TARGETS } from "./ask.js";

describe.each(Object.entries(TARGETS))("a choice of tools without tools to %s", (_, spec) => {
  const hello = { messages: [{ role: "user" as const, content: "q" }] };
  it("is not sent, and warned about where it means something", async () => {
    const bare = await ask(spec, hello);
    for (const toolChoice of ["auto", "none"] as const) {
      const { sent } = await ask(spec, { ...hello, toolChoice });
      expect(sent[0]?.body).toEqual(bare.sent[0]?.body);
    }
    for (const toolChoice of ["required", { name: "f" }] as const) {
      const { sent, response, error } = await ask(spec, { ...hello, toolChoice });
      if (error !== undefined) expect(error).toMatchObject({ code: "INVALID_REQUEST" });
      else {
        expect(sent[0]?.body).toEqual(bare.sent[0]?.body);
        expect(response?.warnings).toContainEqual(expect.objectContaining({ field: "toolChoice" }));
      }
    }
  });
});
