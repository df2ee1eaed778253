import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../src/testing/index.js";
import { SDKS, type Sdk } from "./support/sdks.js";

describe.each(Object.entries(SDKS))("%s, configured only with the simulator's address", (name, make) => {
  const place = name.replace(/\W+/g, "-");
  let simulator: Simulator;
  let sdk: Sdk;
  beforeAll(async () => {
    simulator = await startSimulator();
    sdk = make({ base: (dialect) => simulator.baseUrl(place, dialect) });
  });
  afterAll(() => simulator.close());

  async function streamed(prompt: string, tools?: boolean): Promise<string[]> {
    const pieces: string[] = [];
    for await (const piece of sdk.stream(prompt, tools)) if (piece !== "") pieces.push(piece);
    return pieces;
  }

  it("chats", async () => {
    expect(await sdk.chat("Grüße 👋")).toEqual({ text: "You said: Grüße 👋", calls: [] });
    expect(simulator.at(place).at(-1)).toMatchObject({ mode: "unary", outcome: "answered" });
  });

  it("streams, piece by piece", async () => {
    const pieces = await streamed("Say this back in several pieces, please");
    expect(pieces.join("")).toBe("You said: Say this back in several pieces, please");
    expect(pieces.length).toBeGreaterThan(2);
    expect(simulator.at(place).at(-1)).toMatchObject({ mode: "stream", outcome: "answered" });
  });

  it("runs a tool loop, whole and streamed", async () => {
    expect(await sdk.chat("Weather?", true)).toEqual({
      text: "",
      calls: [{ name: "weather", city: "sample" }],
    });
    expect(JSON.parse((await streamed("Weather?", true)).join(""))).toEqual({ city: "sample" });
    expect(simulator.at(place).at(-1)?.request.tools).toMatchObject([
      { type: "function", name: "weather", parameters: { properties: { city: {} }, required: ["city"] } },
    ]);
    expect(await sdk.results("22 degrees")).toMatchObject({
      text: expect.stringContaining("22 degrees"),
      calls: [],
    });
  });

  it("throws its own class of error, whole and streamed", async () => {
    for (const ask of [() => sdk.chat("Hi"), () => streamed("Hi")]) {
      simulator.script(place, [{ error: { code: "RATE_LIMIT", message: "Slow down" } }]);
      const error: unknown = await ask().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(sdk.tooMany);
      expect(sdk.status?.(error)).toBe(429);
      expect((error as Error).message).toContain("Slow down");
    }
  });

  it("reports a cut stream as an error", async () => {
    simulator.script(place, [{ reset: 2 }]);
    await expect(streamed("A text that is long enough to be cut")).rejects.toThrow();
    expect(simulator.at(place).at(-1)?.outcome).toBe("faulted");
  });
});
