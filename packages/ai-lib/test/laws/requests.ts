import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ClientHalf } from "../../src/core/contract/dialect.js";
import { AiLibError } from "../../src/core/errors/error.js";
import { withFunctionTools } from "../../src/core/kinds/chat/text-tools.js";
import type { Warning } from "../../src/core/values/answer.js";
import type { ChatRequest } from "../../src/core/values/chat-request.js";
import { partsOf } from "../../src/core/values/message.js";
import { chatRequest } from "../support/arbitrary.js";
import { hold, RUNS, SEEDS, scopeOf, type Target, targetOf } from "./cases.js";
import { canonical, type Leaf, leavesOf, leavesWithState, lost, namedBy, unsaid, within } from "./leaves.js";
import { hello, type LawSubject } from "./subject.js";

const NO_REASON = ": this dialect has no place for it";

/** Laws of requests: what the client half writes, the server half reads. */
export function describeRequests(subject: LawSubject): void {
  const { client, server, cannot, honoured = {} } = subject;
  const target = targetOf(subject);
  const requests = chatRequest(scopeOf(subject));
  const meant = (request: ChatRequest) => (subject.textTools === true ? request : withFunctionTools(request));

  describe(`${client.id}: a request`, () => {
    it("comes back whole, less what a warning and `cannot` name", () => {
      let taken = 0;
      hold(
        fc.property(requests, fc.constantFrom("unary" as const, "stream" as const), (request, mode) => {
          const sent = encoded(client, request, mode, target);
          if (sent === undefined) return;
          taken++;
          expect(server.matches(sent.http)).toBe(true);
          const back = server.decode(sent.http);
          expect(back.mode).toBe(mode);
          const before = leavesOf(meant(request));
          const losses = lost(before, leavesWithState(back.request));
          const silently = unsaid(before, losses, (leaf) => warnedOf(leaf, sent.warnings));
          expect(silently.filter(({ kind, value }) => honoured[kind]?.(value, request) !== true)).toEqual([]);
          expect(losses.filter((leaf) => !namedBy(cannot, leaf))).toEqual([]);
        }),
      );
      expect(taken).toBeGreaterThan((SEEDS.length * RUNS) / 4);
    });

    it("gains nothing on its way but defaults that the dialect must name", () => {
      hold(
        fc.property(requests, (request) => {
          const sent = encoded(client, request, "unary", target);
          if (sent === undefined || isBroken(request)) return;
          const before = leavesOf(meant(request));
          const after = leavesOf(server.decode(sent.http).request);
          const changed = lost(before, after);
          const gains = lost(after, before).filter(
            (leaf) =>
              !isDefault(subject, leaf) &&
              !changed.some(({ kind }) => related(kind, leaf.kind)) &&
              !before.some((one) => isSource(one, leaf)),
          );
          expect(gains).toEqual([]);
        }),
      );
    });

    it("is never changed by going through a second time", () => {
      hold(
        fc.property(requests, (request) => {
          const sent = encoded(client, request, "unary", target);
          if (sent === undefined) return;
          const once = server.decode(sent.http).request;
          const again = encoded(client, once, "unary", target);
          const twice = again && server.decode(again.http).request;
          if (twice === undefined) throw new Error("what was decoded was refused");
          expect([
            ...lost(leavesOf(once), leavesOf(twice)),
            ...lost(leavesOf(twice), leavesOf(once)),
          ]).toEqual([]);
        }),
      );
    });

    it("is warned about only at fields that it has, with a reason", () => {
      hold(
        fc.property(requests, (request) => {
          const sent = encoded(client, request, "unary", target);
          const warnings = sent?.warnings ?? [];
          const paths = warnings.flatMap(({ field }) => (field === undefined ? [] : [field]));
          expect(paths.filter((path) => !reaches(request, path))).toEqual([]);
          // What a warning says when it finds no reason in `cannot`.
          expect(warnings.filter(({ message }) => message.endsWith(NO_REASON))).toEqual([]);
        }),
      );
    });

    it("has no warning where it comes back exactly, field by field", () => {
      let exact = 0;
      hold(
        fc.property(requests, (some) => {
          for (const field of Object.keys(some) as (keyof ChatRequest)[]) {
            const tools =
              field === "toolChoice" || field === "parallelToolCalls" ? { tools: some.tools } : {};
            // Without a limit some dialects must name their own.
            const request = { messages: [hello], maxTokens: 100, ...tools, [field]: some[field] };
            const sent = encoded(client, request, "unary", target);
            const back = sent && server.decode(sent.http).request;
            if (back === undefined || plain(back) !== plain({ ...request, model: back.model })) continue;
            exact++;
            expect(sent?.warnings).toEqual([]);
          }
        }),
      );
      expect(exact).toBeGreaterThan(RUNS);
    });

    it.each(["unary", "stream"] as const)(
      "comes back exactly where it asks in the dialect's own words (%s)",
      (mode) => {
        for (const own of subject.asks ?? []) {
          const request: ChatRequest = { model: target.model, messages: [hello], maxTokens: 100, ...own };
          const { http, warnings } = client.encode(request, mode, target);
          expect(warnings).toEqual([]);
          expect(server.matches(http)).toBe(true);
          const back = server.decode(http);
          expect([back.mode, JSON.parse(plain(back.request))]).toEqual([mode, JSON.parse(plain(request))]);
        }
      },
    );

    it.each(subject.refuses ?? [])(
      "is refused with a part that an answer must not miss: $type $mediaType",
      (part) => {
        const request = { messages: [{ role: "user" as const, content: [part] }] };
        expect(() => client.encode(request, "unary", target)).toThrow(
          expect.objectContaining({ code: "UNSUPPORTED_FEATURE" }),
        );
      },
    );

    it("sends a file that is an image as an image", () => {
      const part = { type: "file", mediaType: "image/png", data: "iVBORw0KGgo=" } as const;
      const { http } = client.encode({ messages: [{ role: "user", content: [part] }] }, "unary", target);
      const [message] = server.decode(http).request.messages;
      expect(message?.content).toMatchObject([{ type: "image", data: part.data }]);
    });

    it("is refused where it goes on from what another provider keeps", () => {
      const request = { messages: [hello], continues: { provider: "elsewhere", id: "r" } };
      expect(() => client.encode(request, "unary", target)).toThrow(
        expect.objectContaining({ code: "UNSUPPORTED_FEATURE" }),
      );
    });
  });
}

/** A request as text; a text alone may be written as a string or as a list. */
function plain(request: ChatRequest): string {
  return canonical({
    ...request,
    messages: request.messages.map((one) => ({ ...one, content: partsOf(one) })),
  });
}

/** A request on the wire; undefined where the dialect refuses it, for which it has two codes. */
function encoded(client: ClientHalf, request: ChatRequest, mode: "unary" | "stream", target: Target) {
  try {
    return client.encode(request, mode, { ...target, model: request.model ?? target.model });
  } catch (error) {
    if (!AiLibError.is(error)) throw error;
    expect(["UNSUPPORTED_FEATURE", "INVALID_REQUEST"]).toContain(error.code);
    return undefined;
  }
}

function warnedOf({ path, call = path }: Leaf, warnings: readonly Warning[]): boolean {
  // A tool may be forced by offering no other.
  const choice = path.startsWith("tools.") ? "toolChoice" : path;
  return warnings.some(
    ({ field }) => field !== undefined && [path, call, choice].some((one) => within(one, field)),
  );
}

/** Whether a turn broke off. Providers leave it out, with the results of its calls, before a dialect sees it. */
function isBroken({ messages }: ChatRequest): boolean {
  return messages.some((turn) => turn.role === "assistant" && turn.incomplete === true);
}

function isDefault({ adds = [] }: LawSubject, { kind, value }: Leaf): boolean {
  return (
    value === "" ||
    adds.some((one) => (typeof one === "string" ? within(kind, one) : one.test(canonical(value))))
  );
}

/** Whether two kinds of facts are of one field or one part, so that one may stand for the other. */
function related(one: string, other: string): boolean {
  const parent = (kind: string) => kind.slice(0, Math.max(0, kind.lastIndexOf(".")));
  return within(one, other) || (parent(one) !== "" && parent(one) === parent(other));
}

/** Whether a fact moved: neighbouring texts and turns may become one, and a refusal a text. */
function isSource(before: Leaf, after: Leaf): boolean {
  const last = ({ kind }: Leaf) => kind.slice(kind.lastIndexOf(".") + 1);
  if (after.head && typeof after.value === "string" && typeof before.value === "string")
    return before.value !== "" && after.value.includes(before.value);
  return last(before) === last(after) && canonical(before.value) === canonical(after.value);
}

/** Whether a path leads somewhere in a request; a field that is missing altogether may be warned about by its name. */
function reaches(request: ChatRequest, path: string): boolean {
  let value: unknown = request;
  const steps = path.split(".");
  for (const step of steps.slice(0, -1)) {
    if (typeof value !== "object" || value === null) return false;
    value = (value as { [key: string]: unknown })[step];
    if (value === undefined) return steps.length === 2 && step === steps[0];
  }
  return value !== undefined;
}
