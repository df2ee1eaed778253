import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chatLaws } from "../src/core/kinds/chat/laws.js";
import { provider } from "../src/index.js";
import { resumeRun, startRun } from "../src/jobs/index.js";
import { type Simulator, startSimulator } from "../src/testing/index.js";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

const QUICK = { poll: { minMs: 1, maxMs: 2 } };
const TEXT = "One two three four five six seven eight nine ten";
const request = { messages: [{ role: "user" as const, content: TEXT }] };
let named = 0;

function place() {
  const endpoint = `background-${named++}`;
  const baseUrl = `${simulator.baseUrl(endpoint)}/v1`;
  return {
    endpoint,
    responses: provider("openai-responses", { apiKey: "k", baseUrl }),
    openai: new OpenAI({ apiKey: "k", baseURL: baseUrl, maxRetries: 0 }),
    runs: simulator.runs(endpoint),
  };
}

describe("responses in the background at the simulator", () => {
  it("are started, asked for until they are done, and read by another process", async () => {
    const { responses, runs } = place();
    runs.questions = 3;
    const run = await startRun(responses, chatLaws, request);
    expect(await run.status()).toMatchObject({ state: "running", word: "in_progress" });
    const handle = JSON.parse(JSON.stringify(run.handle));
    const answer = await resumeRun(responses, chatLaws, handle).result(QUICK);
    expect(answer.text).toContain(TEXT);
    expect(runs.all()[0]?.asked).toBe(4);
  });

  it("are followed over a stream that breaks, by the number of the last event", async () => {
    const { responses, endpoint } = place();
    for (const fault of [{ cut: 6 }, { reset: 8 }, { cut: 1 }]) {
      simulator.script(endpoint, [undefined, fault]);
      const run = await startRun(responses, chatLaws, request, { follow: true });
      // The first stream told the id; what follows reads on.
      let text = "";
      for await (const event of run.stream()) if (event.type === "text-delta") text += event.text;
      expect(text).toContain(TEXT);
    }
    const resumed = simulator.serviceAttempts.filter((each) => each.endpoint === endpoint);
    expect(resumed.length).toBeGreaterThanOrEqual(3);
  });

  it("are cancelled, and one that is done stays as it is", async () => {
    const { responses, runs } = place();
    runs.questions = 100;
    const run = await startRun(responses, chatLaws, request);
    await run.cancel();
    expect(await run.status()).toMatchObject({ state: "cancelled" });
    runs.questions = 0;
    const done = await startRun(responses, chatLaws, request);
    const { text } = await done.result(QUICK);
    expect(text).toContain(TEXT);
    expect(runs.cancel(runs.all()[0]?.id ?? "").status).toBe("completed");
  });

  it("serve OpenAI's own SDK: create, retrieve, a stream behind an event, cancel", async () => {
    const { openai, runs } = place();
    const created = await openai.responses.create({ model: "m", input: TEXT, background: true });
    expect([created.status, created.background, created.output]).toEqual(["queued", true, []]);
    expect((await openai.responses.retrieve(created.id)).status).toBe("in_progress");
    const done = await openai.responses.retrieve(created.id);
    expect([done.status, done.output_text.includes(TEXT)]).toEqual(["completed", true]);

    const stream = await openai.responses.create({ model: "m", input: TEXT, background: true, stream: true });
    const numbers: number[] = [];
    let id = "";
    for await (const event of stream) {
      numbers.push(event.sequence_number);
      if (event.type === "response.created") ({ id } = event.response);
    }
    expect(numbers).toEqual(numbers.map((_, i) => i));
    const rest = await openai.responses.retrieve(id, { stream: true, starting_after: 3 });
    const later: number[] = [];
    for await (const event of rest) later.push(event.sequence_number);
    expect(later).toEqual(numbers.slice(4));

    runs.questions = 100;
    const stopped = await openai.responses.create({ model: "m", input: TEXT, background: true });
    expect((await openai.responses.cancel(stopped.id)).status).toBe("cancelled");
    await expect(openai.responses.retrieve("resp_none")).rejects.toMatchObject({ status: 404 });
  });
});
