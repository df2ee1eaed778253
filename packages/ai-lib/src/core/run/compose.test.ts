import { describe, expect, it } from "vitest";
import { errorOf, read, request } from "../../../test/support/calls.js";
import { AiClient } from "../../client/ai-client.js";
import { failover } from "../../strategies/index.js";
import { scripted } from "../../testing/scripted.js";
import type { BatchItem } from "../contract/batch.js";
import type { Call } from "../contract/call.js";
import type { ChatProvider } from "../contract/provider.js";
import type { EventSink, Flow } from "../contract/sink.js";
import { AiLibError } from "../errors/error.js";
import type { ChatRequest } from "../values/chat-request.js";
import type { UploadedFile } from "../values/message.js";
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
  it("answers whole and streamed", async () => {
    const provider = new First([scripted("a")]);
    expect((await provider.chat(request)).text).toBe("I am a.");
    expect((await provider.stream(request).response()).text).toBe("I am a.");
  });

  it("refuses a request that no provider could take, and reports it in the answer, whole and streamed", async () => {
    const provider = new First([scripted("a")]);
    const empty = { messages: [] } as ChatRequest;
    expect(await errorOf(provider.chat(empty))).toMatchObject({ code: "INVALID_REQUEST" });
    expect(await errorOf(provider.stream(empty).response())).toMatchObject({ code: "INVALID_REQUEST" });
    expect(await errorOf(read(provider.stream(empty)))).toMatchObject({ code: "INVALID_REQUEST" });
    const unknown = provider.stream(request, { nonsense: 1 } as never);
    const text = unknown.text[Symbol.asyncIterator]();
    expect(await errorOf(text.next())).toMatchObject({ code: "CONFIG_ERROR" });
    const lines = await new Response(provider.stream(empty).toReadableStream()).text();
    expect(JSON.parse(lines)).toMatchObject({ type: "error", error: { code: "INVALID_REQUEST" } });
    expect(await errorOf(provider.chat(request, { nonsense: 1 } as never))).toMatchObject({
      code: "CONFIG_ERROR",
    });
  });
});

describe("a composition", () => {
  it("is healthy while one member is, else fails as the last one did", async () => {
    await new First([sick("a"), healthy("b")]).checkHealth();
    expect(await errorOf(new First([sick("a"), sick("b")]).checkHealth())).toBe(down);
    const unchecked: ChatProvider = { name: "u", chat: healthy("u").chat, stream: healthy("u").stream };
    expect(await errorOf(new First([unchecked, sick("b")]).checkHealth())).toBe(down);
    await new First([unchecked]).checkHealth();
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

  it("lists what it can if a member's list fails, and fails if every list does", async () => {
    const broken: ChatProvider = Object.assign(scripted("b"), { listModels: () => Promise.reject(down) });
    const models = await new First([broken, listing("a", ["x"])]).listModels();
    expect(models.map(({ id }) => id)).toEqual(["x"]);
    expect(await errorOf(new First([broken, scripted("a")]).listModels())).toBe(down);
    expect(await new First([scripted("a")]).listModels()).toEqual([]);
  });

  it("finds a model at whichever member has it", async () => {
    const looking: ChatProvider = Object.assign(scripted("l"), {
      getModelInfo: (id: string) =>
        id === "own"
          ? Promise.resolve({ id, provider: "l", contextWindow: 9 })
          : Promise.reject(new AiLibError({ code: "MODEL_NOT_FOUND", message: "l has none" })),
    });
    const group = new First([scripted("a"), looking, listing("c", ["gpt-large"])]);
    expect(await group.getModelInfo("own")).toEqual({ id: "own", provider: "l", contextWindow: 9 });
    expect(await group.getModelInfo("gpt-large")).toEqual({ id: "gpt-large", provider: "p" });
    expect(await errorOf(group.getModelInfo("gpt-lagre"))).toMatchObject({
      code: "MODEL_NOT_FOUND",
      message: 'first has no model "gpt-lagre"; did you mean gpt-large?',
    });
    expect((await errorOf(new First([looking]).getModelInfo("x"))).message).toBe("l has none");
    const broken: ChatProvider = Object.assign(scripted("b"), { listModels: () => Promise.reject(down) });
    expect(await new First([broken, group]).getModelInfo("own")).toMatchObject({ provider: "l" });
    expect(await errorOf(new First([broken, group]).getModelInfo("x"))).toBe(down);
  });

  it("asks its members for a model by their own names", async () => {
    const client = new AiClient(
      failover([{ provider: listing("a", ["a-large"]), model: { large: "a-large" } }, scripted("b")]),
    );
    expect(await client.getModelInfo("large")).toMatchObject({ id: "a-large" });
  });

  it("uploads to the first member that has a store", async () => {
    const file = { content: new Uint8Array([1]), filename: "a", mediaType: "text/plain" };
    const none = new AiLibError({ code: "UNSUPPORTED_FEATURE", message: "no store", local: true });
    const uploading = (name: string, answer: () => Promise<UploadedFile>): ChatProvider =>
      Object.assign(scripted(name), { uploadFile: answer });
    const store = uploading("s", () => Promise.resolve({ provider: "s", id: "f1" }));
    const group = new First([
      scripted("a"),
      uploading("n", () => Promise.reject(none)),
      new Plain("plain", store),
    ]);
    expect(await group.uploadFile(file)).toEqual({ provider: "s", id: "f1" });
    expect(await new AiClient(group).uploadFile(file)).toEqual({ provider: "s", id: "f1" });
    expect(
      await errorOf(new First([uploading("f", () => Promise.reject(down)), store]).uploadFile(file)),
    ).toBe(down);
    let closed = false;
    const content = {
      [Symbol.asyncIterator]: () => content,
      next: async () => ({ done: true as const, value: undefined }),
      async return() {
        closed = true;
        return { done: true as const, value: undefined };
      },
    };
    expect(await errorOf(new First([scripted("a")]).uploadFile({ ...file, content }))).toMatchObject({
      code: "UNSUPPORTED_FEATURE",
      message: 'No member of "first" has a file store',
    });
    expect(closed).toBe(true);
  });

  it("closes the others if one cannot be closed", async () => {
    const closed: string[] = [];
    const bad: ChatProvider = Object.assign(scripted("b"), { close: () => Promise.reject(down) });
    const good: ChatProvider = Object.assign(scripted("g"), { close: async () => void closed.push("g") });
    expect(await errorOf(new First([bad, good]).close())).toBe(down);
    expect(closed).toEqual(["g"]);
  });

  it("has the facts of the first member that has any", () => {
    const knowing = scripted({ name: "b", facts: { contextWindow: 0 } });
    expect(new First([scripted("a"), knowing]).facts()).toEqual({ contextWindow: 0 });
    expect(new First([scripted("a")]).facts()).toBeUndefined();
  });

  it("has a target only if it consists of one", () => {
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

describe("a batch", () => {
  const asked: ChatRequest[] = [{ ...request }, { ...request, model: "m" }];
  /** A provider with a batch of its own, which records what it was asked. */
  function batching(name: string, seen: unknown[], fails?: AiLibError): ChatProvider {
    return Object.assign(scripted(name), {
      async batch(requests: readonly ChatRequest[]): Promise<BatchItem[]> {
        seen.push([name, requests.map(({ model }) => model)]);
        if (fails !== undefined) throw fails;
        const response = await scripted(name).chat(request);
        return requests.map((_, index) => ({ index, response }));
      },
    });
  }

  it("is one call each if no member has batches of its own", async () => {
    const group = new First([new Plain("plain", scripted("a")), scripted("b")]);
    const items = await group.batch(asked);
    expect(items.map(({ response }) => response?.provider)).toEqual(["a", "a"]);
  });

  it("goes to the first member that has one of its own, with the member's names for models", async () => {
    const seen: unknown[] = [];
    const members = [
      scripted("a"),
      { provider: new Plain("plain", batching("b", seen)), model: { m: "b-m" } },
      batching("c", seen),
    ];
    const items = await new AiClient(failover(members), { model: "default" }).batch([
      "x",
      { ...request, model: "m" },
    ]);
    expect(items.map(({ response }) => response?.provider)).toEqual(["b", "b"]);
    expect(seen).toEqual([["b", ["default", "b-m"]]]);
  });

  it("moves on if a member's batch fails as a whole, and fails with the last", async () => {
    const seen: unknown[] = [];
    const bad = batching("a", seen, down);
    const items = await new First([bad, batching("b", seen)]).batch(asked);
    expect(items.map(({ response }) => response?.provider)).toEqual(["b", "b"]);
    expect(await errorOf(new First([bad]).batch(asked))).toBe(down);
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
