import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Simulator, startSimulator } from "ai-lib/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Command } from "./support/command.js";

let folder: string;
let simulator: Simulator;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gateway-"));
  simulator = await startSimulator();
});
afterAll(async () => {
  await simulator.close();
  await rm(folder, { recursive: true });
});

const file = (name: string) => join(folder, name);

function configuration(model: string): string {
  return `
listen: { port: 0 }
keys: { team: { env: TEAM_KEY } }
providers:
  up: { dialect: openai-chat, baseUrl: "${simulator.baseUrl("up")}/v1", model: ${model} }
routes: { chat: { retry: up } }
store: { sqlite: ":memory:" }
`;
}

const TEAM_KEY = "aik_team_0123456789";

function ask(url: string, model = "chat", key = TEAM_KEY): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
    body: JSON.stringify({ model, messages: [{ role: "user", content: "ping" }] }),
  });
}

describe("the command", () => {
  it("serves a demo with a key that it prints, and ends on a signal", async () => {
    const command = new Command(["--demo", "--port", "0"]);
    const url = await command.url();
    const key = (await command.until(/Key of this run: (\S+)/))[1];
    expect((await ask(url, "demo", key)).status).toBe(200);
    expect((await ask(url, "demo", "aik_other")).status).toBe(401);
    expect(await (await fetch(`${url}/metrics`)).text()).toContain("ai_lib_gateway_ledger_written_total");
    for (const name of ["Claude Code", "Codex", "OPENAI_BASE_URL", "curl", "The ledger is in memory"])
      expect(command.out).toContain(name);
    command.stop();
    expect(await command.code).toBe(0);
  });

  it("takes a key from the environment, refuses a short one, and reads an empty one as none", async () => {
    const short = new Command(["--demo", "--port", "0"], { AI_LIB_GATEWAY_KEY: "short" });
    expect([await short.code, short.error]).toEqual([2, expect.stringContaining("at least 16 characters")]);
    for (const own of [TEAM_KEY, ""]) {
      const command = new Command(["--demo", "--port", "0"], { AI_LIB_GATEWAY_KEY: own });
      const url = await command.url();
      const printed = /Key of this run: (\S+)/.exec(command.out)?.[1];
      expect(printed === undefined).toBe(own !== "");
      expect((await ask(url, "demo", printed ?? own)).status).toBe(200);
      command.stop();
      expect(await command.code).toBe(0);
    }
  });

  it.each([
    [["--demo", "--open", "--host", "0.0.0.0"], /only allowed on 127\.0\.0\.1/],
    [["foo"], /^error: unknown command 'foo'\n\(run ai-lib-gateway --help/],
    [["--demo", "--port", "70000"], /--port must be/],
    [["--demo", "--config", "x.yaml"], /reads no file/],
    [["--config", "/no/such.yaml"], /cannot be read: ENOENT/],
    [["check", "/no/such.yaml"], /cannot be read: ENOENT/],
  ])("refuses %j", async (args, message) => {
    const command = new Command(args);
    expect(await command.code).toBe(2);
    expect(command.error).toMatch(message);
  });

  it("says what to do if there is nothing to serve", async () => {
    const command = new Command(["--port", "0"]);
    expect(await command.code).toBe(2);
    expect(command.error).toContain("ai-lib-gateway --demo");
  });

  it("serves a provider without a default model, which clients name with one", async () => {
    const provider = `{ dialect: openai-chat, baseUrl: "${simulator.baseUrl("bare")}/v1" }`;
    await writeFile(
      file("bare.yaml"),
      `listen: { port: 0 }\nproviders: { bare: ${provider} }\nstore: none\n`,
    );
    const check = new Command(["check", file("bare.yaml")]);
    expect([await check.code, check.out]).toEqual([0, expect.stringContaining("models: bare/<model>")]);
    const command = new Command(["--config", file("bare.yaml")]);
    const url = await command.url();
    expect(command.out).toContain("Models: bare/<model>;");
    const key = (await command.until(/Key of this run: (\S+)/))[1];
    expect((await ask(url, "bare/llama", key)).status).toBe(200);
    expect(simulator.at("bare").at(-1)?.request.model).toBe("llama");
    command.stop();
    expect(await command.code).toBe(0);
  });

  it("reports a hook that fails, without the query of its address", async () => {
    const hook = '{ at: request, url: "http://127.0.0.1:9/check?token=t" }';
    const route = `routes: { chat: { use: up, hooks: [${hook}] } }`;
    await writeFile(
      file("hooked.yaml"),
      configuration("m").replace("routes: { chat: { retry: up } }", route),
    );
    const command = new Command(["--config", file("hooked.yaml")], { TEAM_KEY });
    expect((await ask(await command.url())).status).toBe(500);
    await command.until(
      /^The hook http:\/\/127\.0\.0\.1:9\/check at request failed: it cannot be reached/m,
      "error",
    );
    expect(command.error).not.toContain("token");
    command.stop();
    expect(await command.code).toBe(0);
  });

  it("names the key of a refused request in the access log", async () => {
    const limited = configuration("m").replace(
      "{ env: TEAM_KEY }",
      "{ secret: { env: TEAM_KEY }, limits: [{ requests: 1, per: day }] }",
    );
    await writeFile(file("limited.yaml"), limited);
    const command = new Command(["--config", file("limited.yaml")], { TEAM_KEY });
    const url = await command.url();
    expect([(await ask(url)).status, (await ask(url)).status]).toEqual([200, 429]);
    expect((await ask(url, "chat", "aik_of_nobody_0123456789")).status).toBe(401);
    await command.until(/"status":429,"ms":\d+,"key":"team"}/);
    await command.until(/"status":401,"ms":\d+}/);
    command.stop();
    expect(await command.code).toBe(0);
  });

  it("checks a file, and lists its problems by line", async () => {
    await writeFile(file("good.yaml"), configuration("m"));
    await writeFile(file("bad.yaml"), "routes:\n  a: nothing\n  b: { retry: nowhere }\n");
    const good = new Command(["check", file("good.yaml")], { TEAM_KEY });
    expect([await good.code, good.out]).toEqual([0, expect.stringContaining("can be served")]);
    const bad = new Command(["check", file("bad.yaml")], { TEAM_KEY });
    expect([await bad.code, bad.error]).toEqual([
      2,
      expect.stringMatching(/bad\.yaml:2: .*\n.*bad\.yaml:3: /),
    ]);
  });

  it("explains what a call would do: route, members, tokens, price and losses", async () => {
    await writeFile(
      file("explained.yaml"),
      `routes:
  chat:
    weighted:
      - { provider: anthropic/claude-sonnet-5-5, weight: 3 }
      - { retry: openai }
aliases: { "gpt-*": chat }
`,
    );
    const request = {
      model: "gpt-x",
      messages: [{ role: "user", content: "ping" }],
      max_completion_tokens: 100,
      seed: 3,
    };
    await writeFile(file("request.json"), JSON.stringify(request));
    const keys = { ANTHROPIC_API_KEY: "k-anthropic", OPENAI_API_KEY: "k-openai" };
    const command = new Command(["explain", "-c", file("explained.yaml"), "-f", file("request.json")], keys);
    expect([await command.code, command.error]).toEqual([0, ""]);
    expect(command.out).toMatch(/"gpt-x" leads to the route chat/);
    expect(command.out).toMatch(/anthropic: in turns by weight, 75 % of the calls/);
    expect(command.out).toMatch(/asks anthropic for claude-sonnet-5-5 .*translated/);
    expect(command.out).toMatch(/about \d+ tokens in and at most 100 out: \$0\.0/);
    expect(command.out).toMatch(/loses: .*seed/);
    expect(command.out).toMatch(/asks openai for .*bytes are passed on unchanged/);
    const unknown = new Command(["explain", "-c", file("explained.yaml"), "-m", "other"], keys);
    expect([await unknown.code, unknown.error]).toEqual([1, expect.stringContaining('no model "other"')]);
  });

  it("writes a first file once, and prints the schema", async () => {
    const first = new Command(["init", file("first.yaml")]);
    expect(await first.code).toBe(0);
    expect(await new Command(["init", file("first.yaml")]).code).toBe(2);
    const schema = new Command(["schema"]);
    expect(await schema.code).toBe(0);
    expect(JSON.parse(schema.out)).toMatchObject({ additionalProperties: false });
  });

  it("serves a file, and reloads it when it changes; an invalid file does not replace the last valid one", async () => {
    const path = file("live.yaml");
    await writeFile(path, configuration("first"));
    const command = new Command(["--config", path], { TEAM_KEY });
    const url = await command.url();
    const ready = async () => (await (await fetch(`${url}/ready`)).json()) as Record<string, unknown>;
    expect((await ask(url)).status).toBe(200);
    expect(simulator.at("up").at(-1)?.request.model).toBe("first");
    const { revision } = await ready();

    await writeFile(path, configuration("second"));
    await command.until(/is served/, "error");
    expect((await ask(url)).status).toBe(200);
    expect(simulator.at("up").at(-1)?.request.model).toBe("second");
    const second = await ready();
    expect(second).toMatchObject({ status: "ready", reload: { outcome: "applied" } });
    expect(second["revision"]).not.toBe(revision);

    await writeFile(path, "routes: { chat: nobody }\n");
    await command.until(/nobody/, "error");
    expect((await ask(url)).status).toBe(200);
    expect(await ready()).toMatchObject({ revision: second["revision"], reload: { outcome: "refused" } });
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain(`ai_lib_gateway_config_info{revision="${second["revision"]}"} 1`);
    expect(metrics).toContain("ai_lib_gateway_reload_ok 0");
    command.stop();
    expect(await command.code).toBe(0);
    // One line a call, without the key.
    expect(command.out).toMatch(/"path":"\/v1\/chat\/completions","status":200.*"key":"team","route":"chat"/);
    expect(command.out + command.error).not.toContain(TEAM_KEY);
  });

  it("ends running streams before it ends", async () => {
    await writeFile(file("drain.yaml"), configuration("m"));
    const command = new Command(["--config", file("drain.yaml"), "--no-watch"], { TEAM_KEY });
    const url = await command.url();
    simulator.script("up", [{ frameDelayMs: 60 }]);
    const reply = await fetch(`${url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${TEAM_KEY}` },
      body: JSON.stringify({
        model: "chat",
        stream: true,
        messages: [{ role: "user", content: "ping ".repeat(20) }],
      }),
    });
    command.stop();
    const text = await reply.text();
    expect(text).toMatch(/data: \[DONE\]\n\n$/);
    expect(await command.code).toBe(0);
    await expect(fetch(`${url}/live`)).rejects.toThrow();
  });
});
