import { afterAll, beforeAll, expect, it } from "vitest";
import { AiLibError, provider } from "../src/index.js";
import { type Simulator, startSimulator } from "../src/testing/index.js";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

const FILM = { content: new Uint8Array([1, 2, 3]), filename: "film.mp4", mediaType: "video/mp4" };
const OFTEN = { minMs: 1, maxMs: 2 };
let named = 0;

function gemini(questions: number) {
  const endpoint = `gemini-${named++}`;
  const google = provider("google", { apiKey: "k", baseUrl: `${simulator.baseUrl(endpoint)}/v1beta` });
  simulator.files(endpoint).processing = questions;
  const asked = () =>
    simulator.serviceAttempts.filter((each) => each.endpoint === endpoint && each.method === "GET");
  return { google, endpoint, asked };
}

async function errorOf(answer: Promise<unknown>): Promise<AiLibError> {
  const error = await answer.catch((reason: unknown) => reason);
  if (AiLibError.is(error)) return error;
  throw new Error("nothing failed");
}

it("an upload to Gemini waits until the file is processed", async () => {
  const { google, asked } = gemini(3);
  const file = await google.uploadFile(FILM, { waitUntilReady: OFTEN });
  expect(file.state).toBe("ready");
  expect(asked()).toHaveLength(4);
});

it("returns the file as it is without waiting", async () => {
  const { google, asked } = gemini(3);
  expect((await google.uploadFile(FILM, { waitUntilReady: false })).state).toBe("pending");
  expect(asked()).toEqual([]);
});

it("asks nothing if the file is ready from the start, and asks again if a question fails", async () => {
  const ready = gemini(0);
  expect((await ready.google.uploadFile(FILM)).state).toBe("ready");
  expect(ready.asked()).toEqual([]);
  const { google, endpoint } = gemini(2);
  simulator.script(endpoint, [undefined, undefined, { status: 503 }, { status: 429 }]);
  expect((await google.uploadFile(FILM, { waitUntilReady: OFTEN })).state).toBe("ready");
});

it("ends with the deadline, with an abort, and if the vendor refuses", async () => {
  const { google, endpoint } = gemini(1_000_000);
  const late = google.uploadFile(FILM, { waitUntilReady: OFTEN, timeouts: { totalMs: 300 } });
  expect((await errorOf(late)).code).toBe("TIMEOUT");
  const abort = new AbortController();
  const aborted = google.uploadFile(FILM, { waitUntilReady: OFTEN, signal: abort.signal });
  setTimeout(() => abort.abort(), 50);
  expect((await errorOf(aborted)).code).toBe("CANCELLED");
  simulator.script(endpoint, [undefined, undefined, { status: 403 }]);
  expect((await errorOf(google.uploadFile(FILM, { waitUntilReady: OFTEN }))).status).toBe(403);
});

it("says that a file could not be processed", async () => {
  const { google, endpoint } = gemini(2);
  const failed = JSON.stringify({ name: "files/x", state: "FAILED" });
  simulator.script(endpoint, [undefined, undefined, { body: failed }]);
  const error = await errorOf(google.uploadFile(FILM, { waitUntilReady: OFTEN }));
  expect([error.code, error.message]).toEqual([
    "FILE_ERROR",
    expect.stringMatching(/could not process the file files\/sim/),
  ]);
});

it("refuses waits that make no sense", async () => {
  const { google } = gemini(0);
  const wrong = { minMs: 5, maxMs: 1 };
  expect((await errorOf(google.uploadFile(FILM, { waitUntilReady: wrong }))).code).toBe("CONFIG_ERROR");
});
