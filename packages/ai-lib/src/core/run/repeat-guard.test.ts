import { describe, expect, it } from "vitest";
import { errorOf, failing, request } from "../../../test/support/calls.js";
import { retry } from "../../resilience/retry.js";
import { failover } from "../../strategies/failover.js";
import { keys } from "../../strategies/keys.js";
import { roundRobin } from "../../strategies/round-robin.js";
import { type ScriptedReply, scripted } from "../../testing/scripted.js";
import { VirtualClock } from "../../testing/virtual-clock.js";
import type { Call } from "../contract/call.js";
import type { Flow, Sink } from "../contract/sink.js";
import type { AiLibErrorInit } from "../errors/error.js";
import type { ChatRequest } from "../values/chat-request.js";
import type { ErrorCode } from "../values/error-code.js";
import { Wrapper } from "./compose.js";
import { openMember } from "./member.js";

const fails = (code: ErrorCode, more: Partial<AiLibErrorInit> = {}): ScriptedReply => ({
  error: { code, message: "no", ...more },
});

describe("within one request, through any nesting", () => {
  it("a target whose error is permanent is asked once, others as often as allowed", async () => {
    const clock = new VirtualClock();
    const dead = scripted({ name: "dead", replies: [fails("AUTH_FAILED")] });
    const flaky = scripted({ name: "flaky", replies: [fails("PROVIDER_ERROR"), {}] });
    const answer = retry(failover([dead, flaky])).chat(request, { clock });
    await clock.drain(10_000);
    expect((await answer).attempts.map(({ target, outcome }) => [target.provider, outcome])).toEqual([
      ["dead", "error"],
      ["flaky", "error"],
      ["dead", "skipped"],
      ["flaky", "success"],
    ]);
  });

  it("an overloaded target is asked once more, however many retries are nested", async () => {
    const clock = new VirtualClock();
    const busy = failing("busy", { code: "OVERLOADED", message: "no" });
    const error = errorOf(retry(retry(retry(busy))).chat(request, { clock }));
    await clock.drain();
    expect(await error).toMatchObject({ code: "OVERLOADED" });
    expect(busy.calls).toBe(2);
  });

  it("a target that named a time is not asked before it because another named a sooner one", async () => {
    const clock = new VirtualClock();
    const times = [1_000, 25_000].map((retryAt) => fails("RATE_LIMIT", { retryAt }));
    const soon = scripted({ name: "soon", replies: times });
    const late = scripted({ name: "late", replies: [fails("RATE_LIMIT", { retryAt: 20_000 }), {}] });
    const answer = retry(failover([soon, late])).chat(request, { clock });
    await clock.drain();
    expect((await answer).provider).toBe("late");
    expect(soon.calls).toBe(2);
    expect(late.times).toHaveLength(2);
    expect(late.times[1]).toBeGreaterThanOrEqual(20_000);
  });

  it("a prompt too long for a nested member stays too long for one outside that is no larger", async () => {
    const facts = (contextWindow: number) => ({ facts: { contextWindow } });
    const small = failing("small", { code: "CONTEXT_TOO_LONG", message: "no" }, facts(8_000));
    const large = failing("large", { code: "OVERLOADED", message: "no" }, facts(32_000));
    const same = scripted({ name: "same", ...facts(8_000) });
    const other = scripted({ name: "other", ...facts(64_000) });
    const response = await failover([failover([small, large]), same, other]).chat(request);
    expect(response.provider).toBe("other");
    expect(same.calls).toBe(0);
  });

  it("another key is not tried for an error that it cannot solve, although a retry came between", async () => {
    const clock = new VirtualClock();
    const key = (name: string, replies: ScriptedReply[]) =>
      scripted({ name, target: { provider: "p", model: "m", key: name }, replies });
    for (const strategy of [keys, roundRobin]) {
      const [one, two] = [key("k1", [fails("PROVIDER_ERROR"), {}]), key("k2", [{}])];
      const answer = retry(strategy([one, two])).chat(request, { clock });
      await clock.drain(10_000);
      expect((await answer).attempts.at(-1)?.target.key).toBe("k1");
      expect(two.calls).toBe(0);
    }
  });

  it("says nothing about another request to the same targets", async () => {
    const flaky = scripted({ name: "flaky", replies: [fails("AUTH_FAILED"), {}] });
    await errorOf(flaky.chat(request));
    expect((await flaky.chat(request)).provider).toBe("flaky");
  });

  it("lets a layer ask the same target something else: a question that it made shorter", async () => {
    class Shortening extends Wrapper {
      open(call: Call, sink: Sink): Flow {
        return openMember(this.inner, call, {
          event: (event) => sink.event(event),
          finish: (response) => sink.finish(response),
          fail: () => {
            const { messages } = call.request as ChatRequest;
            openMember(this.inner, { ...call, request: { messages: messages.slice(-1) } } as Call, sink);
          },
        });
      }
    }
    const leaf = scripted({ name: "a", replies: [fails("CONTEXT_TOO_LONG"), {}] });
    const long = { messages: [...request.messages, ...request.messages] };
    expect((await new Shortening("shortening", leaf).chat(long)).provider).toBe("a");
  });

  it("asks a failed member again although another cannot serve the request", async () => {
    const flaky = scripted({ name: "flaky", replies: [fails("PROVIDER_ERROR"), {}] });
    const unable = failing("unable", { code: "UNSUPPORTED_FEATURE", message: "no", local: true });
    const clock = new VirtualClock();
    const answer = retry(failover([flaky, unable])).chat(request, { clock });
    await clock.drain(10_000);
    expect((await answer).provider).toBe("flaky");
  });

  const overloaded = failing("overloaded", { code: "OVERLOADED", message: "no" });
  it("fails with a member's answer, not with the reason why another cannot serve the request", async () => {
    const unable = failing("unable", { code: "UNSUPPORTED_FEATURE", message: "no", local: true });
    expect((await errorOf(failover([overloaded, unable]).chat(request))).code).toBe("OVERLOADED");
  });

  it("fails with an error of the request itself, whatever another member answered", async () => {
    const invalid = failing("invalid", { code: "INVALID_REQUEST", message: "no", local: true });
    expect((await errorOf(failover([overloaded, invalid]).chat(request))).code).toBe("INVALID_REQUEST");
  });
});
