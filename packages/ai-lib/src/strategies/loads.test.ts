import { describe, expect, it } from "vitest";
import { Loads } from "./loads.js";

describe("the loads of members", () => {
  it("are the running calls of this process", () => {
    const loads = new Loads(["a", "b"]);
    loads.begin(0);
    loads.begin(0);
    loads.begin(1);
    loads.end(0);
    expect([loads.own, loads.report(), loads.snapshot()]).toEqual([[1, 1], { a: 1, b: 1 }, undefined]);
    expect([loads.at(0, 5), loads.at(1, 5)]).toEqual([1, 1]);
  });

  it("count those that other processes have reported, for half a minute", () => {
    const loads = new Loads(["a", "b"]);
    loads.begin(0);
    loads.merge({ a: 2, b: 3 }, 1_000, "one");
    loads.merge({ a: 4, b: -9, c: 7 }, 2_000, "two");
    expect([loads.at(0, 2_000), loads.at(1, 2_000)]).toEqual([7, 3]);
    loads.merge({ a: 5, b: "many" }, 3_000, "two");
    expect([loads.at(0, 3_000), loads.at(1, 3_000)]).toEqual([8, 3]);
    expect([loads.at(0, 30_999), loads.at(0, 31_000)]).toEqual([8, 6]);
    expect([loads.at(0, 32_999), loads.at(0, 33_000)]).toEqual([6, 1]);
    loads.merge("nothing", 4_000, "one");
    expect(loads.at(0, 4_000)).toBe(8);
  });

  it("count a thousand other processes, of which those that are gone make room", () => {
    const loads = new Loads(["a"]);
    for (let i = 0; i < 1_000; i++) loads.merge({ a: 1 }, i === 0 ? 0 : 10_000, `peer ${i}`);
    loads.merge({ a: 1 }, 10_000, "one more");
    expect(loads.at(0, 10_000)).toBe(1_000);
    // One that is known may report again.
    loads.merge({ a: 5 }, 10_000, "peer 1");
    expect(loads.at(0, 10_000)).toBe(1_004);
    loads.merge({ a: 1 }, 29_999, "one more");
    expect(loads.at(0, 29_999)).toBe(1_004);
    loads.merge({ a: 1 }, 30_000, "one more");
    expect(loads.at(0, 30_000)).toBe(1_004);
    expect(loads.at(0, 40_001)).toBe(1);
  });
});
