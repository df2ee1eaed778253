import fc from "fast-check";
import type { ClientHalf, DialectTarget, ServerHalf } from "../../src/core/contract/dialect.js";
import type { Frame } from "../../src/core/contract/transport.js";
import { AiLibError } from "../../src/core/errors/error.js";
import type { ChatRequest } from "../../src/core/values/chat-request.js";
import type { ChatResponse } from "../../src/core/values/chat-response.js";
import { tryParse } from "../../src/core/values/json.js";
import { framesFor, replayFrames } from "./halves.js";

/** What may stand where something else was due. */
const intruder: fc.Arbitrary<unknown> = fc.constantFrom<unknown>(
  undefined,
  null,
  true,
  0,
  -1,
  1e308,
  "",
  "null",
  "{",
  "[DONE]",
  [],
  [null],
  [[]],
  [{}],
  {},
  { type: "text" },
  { type: "nothing known" },
  JSON.parse('{"__proto__":{"polluted":true},"constructor":1}') as unknown,
);

/** Puts a value somewhere into a copy of a tree; the numbers choose the way down. */
function spoiled(tree: unknown, way: readonly number[], value: unknown): unknown {
  const [turn, ...rest] = way;
  if (turn === undefined || typeof tree !== "object" || tree === null) return value;
  if (Array.isArray(tree)) {
    const at = turn % (tree.length + 1);
    return [
      ...(tree as unknown[]).slice(0, at),
      spoiled(tree[at], rest, value),
      ...(tree as unknown[]).slice(at + 1),
    ];
  }
  const keys = Object.keys(tree);
  const key = keys[turn % Math.max(keys.length, 1)] ?? "added";
  return { ...tree, [key]: spoiled((tree as Record<string, unknown>)[key], rest, value) };
}

/**
 * Holds both halves to their promise about untrusted input: wherever something is spoiled in what they would write
 * themselves, nothing is thrown but an {@link AiLibError}, and a stream ends exactly once.
 */
export function survivesAnything(
  client: ClientHalf,
  server: ServerHalf,
  target: DialectTarget,
  request: ChatRequest,
  response: ChatResponse,
  runs: number,
): void {
  const { http } = client.encode(request, "stream", target);
  const asked = tryParse(http.body ?? "");
  const told = tryParse(server.encode(response, { id: "i", created: 0 }).body);
  const refused = tryParse(server.error(new AiLibError({ code: "RATE_LIMIT", message: "x" })).body);
  const frames = framesFor(server, response);
  const way = fc.array(fc.nat(30), { minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(way, intruder, fc.nat(), fc.constantFrom(200, 400, 500), (path, value, which, status) => {
      const body = JSON.stringify(spoiled(told, path, value)) ?? "";
      only(() => client.decode({ status: 200, headers: {}, body }, target));
      const failed = JSON.stringify(spoiled(refused, path, value)) ?? "";
      if (!AiLibError.is(client.error({ status, headers: {}, body: failed }, target)))
        throw new Error("no error");
      only(() => {
        const wire = JSON.stringify(spoiled(asked, path, value)) ?? "";
        const read = server.decode({ ...http, body: wire });
        client.encode(read.request, read.mode, target);
      });
      const place = which % frames.length;
      const sent = frames.map((frame, i) => (i === place ? spoiledFrame(frame, path, value) : frame));
      if (replayFrames(client, target, sent).outcome === undefined) throw new Error("no ending");
      if ("polluted" in {}) throw new Error("a prototype was reached");
    }),
    { numRuns: runs },
  );
}

function spoiledFrame(frame: Frame, way: readonly number[], value: unknown): Frame {
  return { ...frame, data: JSON.stringify(spoiled(tryParse(frame.data), way, value)) ?? "" };
}

function only(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!AiLibError.is(error)) throw error;
  }
}
