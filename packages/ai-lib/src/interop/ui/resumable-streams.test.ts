import { describe, expect, it } from "vitest";
import { AiClient } from "../../client/ai-client.js";
import { cancelled } from "../../core/errors/error.js";
import { memoryStreamLog } from "../../state/memory-stream-log.js";
import { scripted } from "../../testing/scripted.js";
import { settled } from "../../testing/virtual-clock.js";
import { resumableStreams } from "./resumable-streams.js";

const request = { messages: [{ role: "user" as const, content: "Hi" }] };
type Line = { type: string; cursor: number; text?: string; error?: { code: string; message: string } };

const linesOf = (text: string): Line[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
const textOf = (lines: readonly Line[]) => lines.map(({ text }) => text ?? "").join("");

/** Reads until the text holds something, then leaves. */
async function readUntil(response: Response, part: string): Promise<Line[]> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  while (!text.includes(part)) text += decoder.decode((await reader?.read())?.value);
  await reader?.cancel();
  return linesOf(text);
}

describe("resumable streams", () => {
  it("number events, and give a page that comes back those that it lacks", async () => {
    const streams = resumableStreams();
    const provider = scripted({ name: "p", replies: [{ text: ["a", "b", "c"] }] });
    const first = await readUntil((await streams.start("1", provider.stream(request))).toResponse(), '"a"');
    expect(first.map(({ cursor }) => cursor)).toEqual(first.map((_, at) => at + 1));
    const again = await streams.read("1", first.length);
    const rest = linesOf((await again?.toResponse().text()) ?? "");
    expect(rest[0]?.cursor).toBe(first.length + 1);
    expect(textOf([...first, ...rest])).toBe("abc");
    expect(rest.at(-1)?.type).toBe("finish");
    expect(provider.calls).toBe(1);
  });

  it("continue without a reader, and are complete for a later page", async () => {
    const streams = resumableStreams();
    const provider = scripted({ name: "p", replies: [{ text: ["a", "b"] }] });
    const { done } = await streams.start("1", provider.stream(request));
    await done;
    const read = await streams.read("1");
    expect(read?.ended).toBe(true);
    expect(textOf(linesOf((await read?.toResponse().text()) ?? ""))).toBe("ab");
    expect(provider.aborted).toBe(0);
  });

  it("do not stop when a page leaves, and stop when asked to", async () => {
    const streams = resumableStreams();
    const provider = scripted({ name: "p", replies: [{ text: ["a"], silent: true }] });
    const started = await streams.start("1", provider.stream(request));
    await readUntil(started.toResponse(), '"a"');
    await settled();
    expect(provider.aborted).toBe(0);
    const other = (await streams.read("1"))?.toResponse().text();
    expect(await streams.stop("1")).toBe(true);
    await started.done;
    expect(provider.aborted).toBe(1);
    expect(linesOf((await other) ?? "").at(-1)).toMatchObject({
      type: "error",
      error: { code: "CANCELLED", message: "The answer was stopped" },
    });
    expect(await streams.stop("1")).toBe(false);
  });

  it("stop the tools of a run, too", async () => {
    const streams = resumableStreams();
    let aborted = false;
    const model = scripted({
      name: "p",
      replies: [
        {
          events: [
            { type: "part-start", index: 0, part: { type: "tool-call", id: "c1", name: "wait" } },
            { type: "part-end", index: 0 },
          ],
          finishReason: "tool-calls",
        },
      ],
    });
    const tool = {
      name: "wait",
      parameters: { type: "object" },
      execute: (_: unknown, { signal }: { signal: AbortSignal }) =>
        new Promise<string>((_resolve, reject) => {
          signal.addEventListener("abort", () => {
            aborted = true;
            reject(cancelled());
          });
        }),
    };
    const started = await streams.start("1", new AiClient(model).runTools("?", [tool]));
    await readUntil(started.toResponse(), "tool-start");
    await streams.stop("1");
    await started.done;
    expect(aborted).toBe(true);
  });

  it("have the cursor as the id of a server-sent event", async () => {
    const streams = resumableStreams();
    const provider = scripted({ name: "p", replies: [{ text: ["a"] }] });
    const started = await streams.start("1", provider.stream(request));
    const blocks = (await started.toResponse({ format: "sse" }).text()).split("\n\n").slice(0, -1);
    expect(blocks.map((block) => block.split("\n")[0])).toEqual(blocks.map((_, at) => `id: ${at + 1}`));
    const after = await (await streams.read("1", "3"))?.toResponse({ format: "sse" }).text();
    expect(after?.startsWith("id: 4\n")).toBe(true);
  });

  it("are read from the start by the AI SDK", async () => {
    const streams = resumableStreams();
    const provider = scripted({ name: "p", replies: [{ text: ["a"] }] });
    await (await streams.start("1", provider.stream(request))).done;
    const whole = await (await streams.read("1"))?.toResponse({ format: "ai-sdk", messageId: "m" }).text();
    expect(whole).toMatch(/^data: \{"type":"start","messageId":"m"\}/);
    expect(whole).toContain("[DONE]");
    const later = await streams.read("1", 2);
    expect(() => later?.toResponse({ format: "ai-sdk" })).toThrow(/from its start/);
  });

  it("end with a safe error, which is kept as well", async () => {
    const streams = resumableStreams();
    const provider = scripted({
      name: "p",
      replies: [{ text: ["a"], error: { code: "AUTH_FAILED", message: "key 7" } }],
    });
    await (await streams.start("1", provider.stream(request))).done;
    const text = (await (await streams.read("1"))?.toResponse().text()) ?? "";
    expect(linesOf(text).at(-1)).toMatchObject({ type: "error", error: { code: "AUTH_FAILED" } });
    expect(text).not.toContain("key 7");
  });

  it("stop and end with an error if the log takes no more", async () => {
    const streams = resumableStreams({ log: memoryStreamLog({ maxCharacters: 400 }) });
    const provider = scripted({
      name: "p",
      replies: [{ text: Array(500).fill("x".repeat(50)), everyMs: 1 }],
    });
    const started = await streams.start("1", provider.stream(request));
    await started.done;
    expect(provider.aborted).toBe(1);
    const lines = linesOf((await (await streams.read("1"))?.toResponse().text()) ?? "");
    expect(lines.at(-1)).toMatchObject({ type: "error", error: { code: "STREAM_TRUNCATED" } });
  });

  it("refuse a second run of an id that runs, unknown ids and wrong cursors", async () => {
    const streams = resumableStreams();
    const provider = scripted({ name: "p", replies: [{ text: ["a"], silent: true }] });
    await streams.start("1", provider.stream(request));
    await expect(streams.start("1", provider.stream(request))).rejects.toMatchObject({
      code: "INVALID_REQUEST",
    });
    expect(await streams.read("2")).toBeUndefined();
    for (const cursor of ["x", "-1", "1e3", 1.5, -1])
      await expect(streams.read("1", cursor)).rejects.toThrow(/cursor/);
    await streams.close();
    expect(provider.aborted).toBe(1);
    expect(() => resumableStreams({ store: 1 } as never)).toThrow(/store/);
  });

  it("can be iterated", async () => {
    const streams = resumableStreams();
    const provider = scripted({ name: "p", replies: [{ text: ["a"] }] });
    const types: unknown[] = [];
    for await (const { event } of await streams.start("1", provider.stream(request)))
      types.push(event["type"]);
    expect(types).toEqual(["start", "part-start", "text-delta", "part-end", "finish"]);
  });
});
