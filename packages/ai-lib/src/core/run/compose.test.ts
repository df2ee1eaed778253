import { describe, expect, it } from "vitest";
import { errorOf, request } from "../../../test/support/calls.js";
import { scripted } from "../../testing/scripted.js";
import type { Call } from "../contract/call.js";
import type { ChatProvider } from "../contract/provider.js";
import type { EventSink, Flow } from "../contract/sink.js";
import { AiLibError } from "../errors/error.js";
import type { ChatRequest } from "../values/chat-request.js";
import { Composition, Wrapper } from "./compose.js";
import { openMember } from "./member.js";

class First extends Composition {
  readonly name = "first";
  constructor(readonly members: readonly ChatProvider[]) {
    super();
  }
  open(call: Call, sink: EventSink): Flow {
    return openMember(this.members[0] as ChatProvider, call, sink);
  }
}

class Plain extends Wrapper {
  open(call: Call, sink: EventSink): Flow {
    return openMember(this.inner, call, sink);
  }
}

const down = new AiLibError({ code: "NETWORK_ERROR", message: "down" });
const healthy = (name: string) => scripted(name);
const sick = (name: string) => scripted({ name, health: () => Promise.reject(down) });
const listing = (name: string, ids: string[]): ChatProvider =>
  Object.assign(scripted(name), {
    listModels: () => Promise.resolve(ids.map((id) => ({ id, provider: "p" }))),
  });

describe("a provider that is written as open", () => {
  it("answers whole and as it comes", async () => {
    const provider = new First([scripted("a")]);
    expect((await provider.chat(request)).text).toBe("I am a.");
    expect((await provider.stream(request).response()).text).toBe("I am a.");
  });

  it("refuses a request that nobody could take: whole by a rejection, streamed at once", async () => {
    const provider = new First([scripted("a")]);
    const empty = { messages: [] } as ChatRequest;
    expect(await errorOf(provider.chat(empty))).toMatchObject({ code: "INVALID_REQUEST" });
    expect(() => provider.stream(empty)).toThrow(expect.objectContaining({ code: "INVALID_REQUEST" }));
    expect(await errorOf(provider.chat(request, { nonsense: 1 } as never))).toMatchObject({
      code: "CONFIG_ERROR",
    });
  });
});

describe("a composition", () => {
  it("is healthy while one member is, and else fails as the last one did", async () => {
    await new First([sick("a"), healthy("b")]).checkHealth();
    expect(await errorOf(new First([sick("a"), sick("b")]).checkHealth())).toBe(down);
    expect(await errorOf(new First([]).checkHealth())).toMatchObject({ code: "CONFIG_ERROR" });
  });

  it("lists each model once, of members that can list", async () => {
    const models = await new First([
      listing("a", ["x", "y"]),
      scripted("b"),
      listing("c", ["y", "z"]),
    ]).listModels();
    expect(models.map(({ id }) => id)).toEqual(["x", "y", "z"]);
  });

  it("knows what its first member knows that knows anything", () => {
    const knowing = scripted({ name: "b", facts: { contextWindow: 0 } });
    expect(new First([scripted("a"), knowing]).facts()).toEqual({ contextWindow: 0 });
    expect(new First([scripted("a")]).facts()).toBeUndefined();
  });

  it("has a target of its own only where it is of one", () => {
    expect(new First([scripted("a")]).target).toEqual({ provider: "a" });
    expect(new First([scripted("a"), scripted("b")]).target).toBeUndefined();
  });

  it("closes every member", async () => {
    const closed: string[] = [];
    const closing = (name: string): ChatProvider =>
      Object.assign(scripted(name), { close: async () => void closed.push(name) });
    await new First([closing("a"), scripted("b"), closing("c")]).close();
    expect(closed).toEqual(["a", "c"]);
  });
});

describe("a wrapper", () => {
  it("speaks for the one member that it wraps", async () => {
    const wrapper = new Plain("plain", scripted("a"));
    expect([wrapper.name, wrapper.members.length]).toEqual(["plain(a)", 1]);
    expect(await errorOf(wrapper.getModelInfo("m"))).toMatchObject({
      code: "UNSUPPORTED_FEATURE",
      local: true,
    });
    const info = { id: "m", provider: "a" };
    const telling: ChatProvider = Object.assign(scripted("a"), { getModelInfo: () => Promise.resolve(info) });
    expect(await new Plain("plain", new Plain("plain", telling)).getModelInfo("m")).toBe(info);
  });
});
