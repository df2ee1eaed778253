import { describe, expect, it } from "vitest";
import { request } from "../../test/support/calls.js";
import { scripted } from "../testing/scripted.js";
import { RoutingStrategyBuilder } from "./routing-strategy-builder.js";

function builder() {
  return new RoutingStrategyBuilder()
    .withProvider(scripted("a"))
    .withWeight(3)
    .withMemberModel("large")
    .withTags("eu")
    .withTags("cheap")
    .withProvider(scripted("b"), { tags: ["us"] });
}

describe("a routing strategy builder", () => {
  const strategies: [string, (b: RoutingStrategyBuilder) => { name: string }][] = [
    ["failover[a->b]", (b) => b.buildFailover()],
    ["round-robin[a,b]", (b) => b.buildRoundRobin()],
    ["weighted[a,b]", (b) => b.buildWeighted()],
    ["least-latency[a,b]", (b) => b.buildLeastLatency()],
    ["least-busy[a,b]", (b) => b.buildLeastBusy()],
    ["cheapest[a,b]", (b) => b.buildCheapest()],
    ["hedged[a,b]", (b) => b.buildHedged()],
    ["sticky[a,b]", (b) => b.buildSticky()],
    ["tagged[a,b]", (b) => b.buildTagged({ want: () => [] })],
    ["conditional[a,b]", (b) => b.withCondition(() => true).buildConditional()],
  ];
  it.each(strategies)("builds %s", (name, build) => expect(build(builder()).name).toBe(name));

  it("passes on the model, the weight and the tags of the member added last", async () => {
    const dealt = builder().buildWeighted();
    const models: string[] = [];
    for (let i = 0; i < 4; i++) models.push((await dealt.chat(request)).model);
    expect(models.filter((model) => model === "large")).toHaveLength(3);
    const cheap = builder().buildTagged({ want: () => ["eu", "cheap"] });
    expect((await cheap.chat(request)).provider).toBe("a");
    const american = builder().buildTagged({ want: () => ["us"] });
    expect((await american.chat(request)).provider).toBe("b");
  });

  it("passes on a condition, and refuses one if no strategy looks at it", async () => {
    const built = builder().withCondition(({ mode }) => mode === "stream");
    expect((await built.buildConditional().stream(request).response()).provider).toBe("a");
    const only = new RoutingStrategyBuilder().withProvider(scripted("a")).withCondition(() => false);
    await expect(only.buildConditional().chat(request)).rejects.toMatchObject({
      code: "UNSUPPORTED_FEATURE",
    });
    expect(() => only.buildFailover()).toThrow(/"when"/);
  });

  it("builds several keys of one provider", () => {
    const key = (name: string) => scripted({ name, target: { provider: "p", key: name } });
    const built = new RoutingStrategyBuilder().withProvider(key("k1")).withProvider(key("k2")).buildKeys();
    expect(built.name).toBe("keys[k1,k2]");
  });

  it("nests what it built", () => {
    const outer = new RoutingStrategyBuilder()
      .withProvider(builder().buildRoundRobin())
      .withProvider(scripted("c"));
    expect(outer.buildFailover().name).toBe("failover[round-robin[a,b]->c]");
  });

  it("refuses settings of a member before there is one, and to build of none", () => {
    expect(() => new RoutingStrategyBuilder().withWeight(2)).toThrow(/withWeight\(\) applies to the member/);
    expect(() => new RoutingStrategyBuilder().buildFailover()).toThrow(/at least one member/);
  });
});
