import { afterAll, beforeAll, expect, it } from "vitest";
import { AiClient, failover, provider } from "../src/index.js";
import { type Simulator, startSimulator } from "../src/testing/index.js";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ voices: ["nova", "v-eleven"] });
});
afterAll(() => simulator.close());

const BASES = { openai: "/v1", elevenlabs: "/v1", mistral: "/v1", xai: "/v1", cartesia: "" };

const make = (id: keyof typeof BASES) =>
  provider(id, {
    apiKey: "k",
    baseUrl: simulator.baseUrl(id, id === "mistral" ? "mistral-chat" : undefined) + BASES[id],
  });

it("one voice of a table goes to each vendor under its own name, also behind a failure", async () => {
  const client = new AiClient(failover([make("openai"), make("elevenlabs")]));
  const voice = { openai: "nova", elevenlabs: "v-eleven" };
  expect((await client.speak({ text: "Hello", voice })).provider).toBe("openai");
  simulator.script("openai", [{ status: 503 }]);
  const stream = client.streamSpeech({ text: "Hello", voice }, { maxRepeats: 0 });
  expect((await stream.response()).provider).toBe("elevenlabs");
  expect(simulator.at("openai", "speak").map(({ request }) => request.voice)).toEqual(["nova", "nova"]);
  expect(simulator.at("elevenlabs", "speak").map(({ request }) => request.voice)).toEqual(["v-eleven"]);
});

it("a voice that the vendor does not have is the caller's mistake, with near ones", async () => {
  const refused = new AiClient(failover([make("openai"), make("elevenlabs")])).speak({
    text: "Hello",
    voice: "nvoa",
  });
  await expect(refused).rejects.toMatchObject({
    code: "INVALID_REQUEST",
    message: expect.stringMatching(/did you mean "nova"/),
  });
});

it.each(["elevenlabs", "mistral", "xai", "cartesia"] as const)("%s lists the voices", async (id) => {
  const voices = await make(id).listVoices();
  expect(voices.map((voice) => [voice.provider, voice.id])).toEqual([
    [id, "nova"],
    [id, "v-eleven"],
  ]);
});
