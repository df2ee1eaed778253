import { describe, expect, it } from "vitest";
import { closedDiversions } from "./diversions.js";
import type { GroupRecord, KeyRecord, Limit } from "./record.js";

const to = (route: string): Limit => ({ requests: 1, per: "day", onExhausted: { route } });
const key = (id: string, more: Partial<KeyRecord> = {}) => ({ id, ...more }) as KeyRecord;
const acme = { id: "acme", limits: [to("cheap"), to("cheap"), to("gone")] } as unknown as GroupRecord;
const groups = new Map([["acme", acme]]);
const routeOf = (name: string) => (name === "gone" ? undefined : name.split("/")[0]);

describe("limits that send calls where a key may not ask", () => {
  it("are named once for each key and route, of its groups as well", () => {
    const keys = [
      key("open", { group: "acme" }),
      key("both", { group: "acme", routes: ["chat", "cheap"] }),
      key("narrow", { group: "acme", routes: ["chat"] }),
      key("own", { models: ["chat"], limits: [to("openai/m")] }),
      key("provider", { routes: ["openai"], limits: [to("openai/m")] }),
    ];
    expect(closedDiversions(keys, groups, routeOf)).toEqual([
      expect.stringContaining("The key narrow may not ask for cheap,"),
      expect.stringContaining("The key own may not ask for openai/m,"),
    ]);
  });

  it("come with what to add to which list: the route of a model is its provider", () => {
    const limits = [to("openai/m")];
    const advice = (access: Partial<KeyRecord>) =>
      closedDiversions([key("k", { limits, ...access })], groups, routeOf).map(
        (line) => /: (add .*) of the key and of its groups/.exec(line)?.[1],
      );
    expect(advice({ routes: ["chat"] })).toEqual(["add openai to the `routes`"]);
    expect(advice({ models: ["chat"] })).toEqual(["add openai/m to the `models`"]);
    expect(advice({ routes: ["openai/m"], models: ["openai"] })).toEqual([
      "add openai to the `routes` and openai/m to the `models`",
    ]);
  });

  it("are ten lines at most", () => {
    const keys = Array.from({ length: 25 }, (_, index) => key(`k${index}`, { group: "acme", models: [] }));
    const lines = closedDiversions(keys, groups, routeOf);
    expect([lines.length, lines.at(-1)]).toEqual([11, "15 more limits of keys name such routes"]);
  });
});
