import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { close, count, listen } from "../support/socket-transport.js";

// The same replays as in the fast lane, over sockets.
vi.mock("../support/memory-transport.js", () => import("../support/socket-transport.js"));

beforeAll(listen);
afterAll(close);

await import("./kinds.test.js");
await import("./embeddings.test.js");
await import("./moderation.test.js");

it("went over sockets", () => {
  expect(count.requests).toBeGreaterThan(0);
});
