import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineProvider } from "ai-lib";
import { type Simulator, startSimulator } from "ai-lib/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Ticket } from "../src/admission.js";
import type { HookNode } from "../src/config/route-schema.js";
import { Gateway } from "../src/gateway.js";
import type { HookEvent } from "../src/hooks/hook.js";
import { loadHook } from "../src/hooks/load-hook.js";
import { mirror } from "../src/mirror.js";
import { ModelTable } from "../src/model-table.js";
import { OpenAdmission } from "../src/open-admission.js";

let simulator: Simulator;
let folder: string;
const gateways: Gateway[] = [];

beforeAll(async () => {
  simulator = await startSimulator();
  folder = await mkdtemp(join(tmpdir(), "hooks-"));
});
afterAll(async () => {
  await Promise.all(gateways.map((gateway) => gateway.cut()));
  await simulator.close();
  await rm(folder, { recursive: true });
});

function upstream(name: string) {
  const baseUrl = `${simulator.baseUrl(name)}/v1`;
  return defineProvider(
    { id: "up", dialect: "openai-chat", baseUrl, auth: { style: "none" } },
    { environment: {}, model: "m" },
  );
}

/** What else {@link ask} can be given. */
interface Asking {
  readonly stream?: boolean;
  /** The hooks of a route that answers in place of the requested one. */
  readonly other?: readonly HookNode[];
}

/** Lets another route answer, as a limit that is used up does, and counts what ends. */
class OtherRoute extends OpenAdmission {
  settled = 0;
  released = 0;

  override admit(): Ticket {
    return {
      route: "other",
      settle: () => {
        this.settled++;
      },
      release: () => {
        this.released++;
      },
    };
  }
}

/** Asks a gateway whose route has hooks. */
async function ask(name: string, nodes: readonly HookNode[], { stream = false, other }: Asking = {}) {
  const hooks = await Promise.all(nodes.map((node) => loadHook(node)));
  const otherHooks = await Promise.all((other ?? []).map((node) => loadHook(node)));
  const admission = other === undefined ? new OpenAdmission() : new OtherRoute();
  const gateway = await Gateway.start(
    {
      table: new ModelTable({
        routes: [
          { name: "chat", provider: upstream(name), settings: { hooks } },
          { name: "other", provider: upstream(`${name}-other`), settings: { hooks: otherHooks } },
        ],
        providers: new Map(),
      }),
      admission,
    },
    { host: "127.0.0.1", port: 0 },
  );
  gateways.push(gateway);
  const reply = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "chat", stream, messages: [{ role: "user", content: "ping" }] }),
  });
  const relay = reply.headers.get("x-ai-lib-relay");
  return { status: reply.status, text: await reply.text(), relay, admission };
}

async function moduleOf(name: string, body: string): Promise<string> {
  const file = join(folder, `${name}.mjs`);
  await writeFile(file, `export async function hook(event) { ${body} }`);
  return file;
}

describe("a hook", () => {
  it("refuses a call before it reaches a provider", async () => {
    const module = await moduleOf(
      "refuse",
      'return { refuse: { message: "not here", code: "PERMISSION_DENIED" } };',
    );
    const { status, text } = await ask("refused", [{ at: "request", module }]);
    expect([status, text]).toEqual([403, expect.stringContaining("not here")]);
    expect(simulator.at("refused")).toEqual([]);
  });

  it("changes a request, whose bytes then do not pass", async () => {
    const module = await moduleOf(
      "change",
      'return { request: { ...event.request, messages: [{ role: "user", content: "changed" }] } };',
    );
    const { text, relay } = await ask("changed", [{ at: "request", module }]);
    expect([text, relay]).toEqual([expect.stringContaining("You said: changed"), "translated"]);
  });

  it.each([false, true])("changes an answer, also one that streams (%s)", async (stream) => {
    const module = await moduleOf(
      "answer",
      'return { response: { ...event.response, text: "[x]", content: [{ type: "text", text: "[x]" }] } };',
    );
    const { status, text } = await ask("answered", [{ at: "response", module }], { stream });
    expect(status).toBe(200);
    expect(text).toContain("[x]");
    expect(text).not.toContain("You said");
  });

  it("refuses a call when it fails or is late, unless the file says otherwise", async () => {
    const broken = await moduleOf("broken", 'throw new Error("secret of the hook");');
    const late = await moduleOf("late", "await new Promise(() => {});");
    for (const node of [{ module: broken }, { module: late, timeoutMs: 50 }]) {
      const { status, text } = await ask("failing", [{ at: "request", ...node }]);
      expect([status, text.includes("secret of the hook")]).toEqual([500, false]);
      expect((await ask("failing", [{ at: "request", onFailure: "continue", ...node }])).status).toBe(200);
    }
  });

  it("of a route that answers in place of the requested one sees the request, and may refuse it", async () => {
    const refuse = await moduleOf(
      "guard",
      'return event.route === "other" ? { refuse: { message: "not there", code: "PERMISSION_DENIED" } } : {};',
    );
    const refused = await ask("away", [], { other: [{ at: "request", module: refuse }] });
    expect([refused.status, refused.text]).toEqual([403, expect.stringContaining("not there")]);
    expect([simulator.at("away"), simulator.at("away-other")]).toEqual([[], []]);
    expect(refused.admission).toMatchObject({ settled: 0, released: 1 });
  });

  it("of the requested route and of the one that answers change a request and an answer, one after the other", async () => {
    const more = await moduleOf(
      "more",
      `const [{ content }] = event.request.messages;
       const add = " " + event.route;
       if (event.at === "request")
         return { request: { ...event.request, messages: [{ role: "user", content: content + add }] } };
       const text = event.response.text + add;
       return { response: { ...event.response, text, content: [{ type: "text", text }] } };`,
    );
    const nodes: HookNode[] = [
      { at: "request", module: more },
      { at: "response", module: more },
    ];
    const { text, admission } = await ask("both", nodes, { other: nodes });
    expect(text).toContain("You said: ping chat other other other");
    expect(simulator.at("both")).toEqual([]);
    for (let i = 0; i < 100 && (admission as OtherRoute).settled === 0; i++)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(admission).toMatchObject({ settled: 1, released: 1 });
  });

  it("may be at a URL, and receives the outcome of the call at the end, without content", async () => {
    const events: HookEvent[] = [];
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => {
        body += chunk;
      });
      request.on("end", () => {
        events.push(JSON.parse(body));
        response.end("{}");
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      expect(
        (
          await ask("told", [
            { at: "request", url },
            { at: "end", url },
          ])
        ).status,
      ).toBe(200);
      for (let i = 0; i < 100 && events.length < 2; i++)
        await new Promise((resolve) => setTimeout(resolve, 20));
      expect(events.map(({ at }) => at)).toEqual(["request", "end"]);
      expect(events[1]).toMatchObject({ route: "chat", end: { status: "success" } });
      expect(JSON.stringify(events[1])).not.toContain("ping");
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});

describe("a mirror", () => {
  it("sends copies whose answers and failures change nothing", async () => {
    const provider = mirror(upstream("real"), upstream("copy"), { share: 1 });
    simulator.script("copy", [{ status: 500 }]);
    for (let i = 0; i < 2; i++)
      expect((await provider.chat({ messages: [{ role: "user", content: "a" }] })).text).toBe("You said: a");
    for (let i = 0; i < 100 && simulator.at("copy").length < 2; i++)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect([simulator.at("real").length, simulator.at("copy").length]).toEqual([2, 2]);
    expect(() => mirror(upstream("a"), upstream("b"), { shares: 1 })).toThrow(/Unknown option/);
    expect(() => mirror(upstream("a"), upstream("b"), { share: 2 })).toThrow(/from 0 to 1/);
  });
});
