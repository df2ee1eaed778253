// Runs coding agents over a relay to vendors of other dialects. Each runs one harmless command that the answers
// request, and reports what it printed. With AI_LIB_GATEWAY=1 the gateway is the relay. The simulator answers from a
// script, because its default answers call every tool that is offered.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { provider } from "ai-lib";
import { conversations, relay, serve, serverHalves } from "ai-lib/serve";
import { startSimulator } from "ai-lib/testing";
import { gatewayParts, startGateway } from "../gateway.mjs";
import { AGENTS } from "./agents.mjs";

const VENDORS = {
  "openai-chat": { id: "openai", model: "gpt-5.2", path: "/v1" },
  "anthropic-messages": { id: "anthropic", model: "claude-opus-4-6", path: "" },
  gemini: { id: "google", model: "gemini-3-pro-preview", path: "/v1beta" },
};
const SHELLS = ["Bash", "bash", "exec_command", "shell_command", "shell", "run_shell_command"];
/** The output of the command. It is not in the prompt. */
const PRINTED = "forty-two";
const COMMAND = "printf 'forty-%s' two";

function textOf(message) {
  return typeof message.content === "string" ? message.content : JSON.stringify(message.content);
}

function answer({ messages, tools = [] }) {
  const shell = tools.find(({ name }) => SHELLS.includes(name));
  const results = messages
    .filter(({ role }) => role === "tool")
    .map(textOf)
    .join("\n");
  if (results !== "")
    return {
      content: [{ type: "text", text: `It printed ${results.includes(PRINTED) ? PRINTED : results}.` }],
    };
  if (shell === undefined) return { content: [{ type: "text", text: "A short title" }] };
  const fields = shell.parameters.properties ?? {};
  const name = fields.cmd === undefined ? "command" : "cmd";
  const list = fields[name]?.type === "array";
  const given = { [name]: list ? ["bash", "-c", COMMAND] : COMMAND };
  if (fields.description !== undefined) given.description = "Print";
  return {
    content: [{ type: "tool-call", id: "abcdefghi", name: shell.name, arguments: given }],
    finishReason: "tool-calls",
  };
}

const simulator = await startSimulator({ answer });
const halves = await serverHalves();
const requests = [];
const server = createServer(
  serve({
    halves,
    conversations: conversations(),
    models: () => [{ id: "m", provider: "house" }],
    route({ method, path }) {
      const [, endpoint, rest] = /^\/@([^/]+)(\/.*)$/.exec(path) ?? [];
      requests.push(`${method} ${rest ?? path}`);
      return endpoint === undefined ? { path } : { path: rest, endpoint };
    },
    handle(call) {
      const { id, model, path } = VENDORS[call.endpoint];
      const upstream = provider(id, { apiKey: "k", baseUrl: `${simulator.baseUrl(call.endpoint)}${path}` });
      relay({ ...call, request: { ...call.request, model } }, upstream);
    },
  }),
);
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
/** The base URL of an upstream for an agent: at the relay, or at a gateway whose only route is the upstream. */
async function baseOf(upstream) {
  if (process.env.AI_LIB_GATEWAY !== "1") return `http://127.0.0.1:${server.address().port}/@${upstream}`;
  const { id, model, path } = VENDORS[upstream];
  const found = provider(id, { apiKey: "k", baseUrl: `${simulator.baseUrl(upstream)}${path}` });
  const writeLog = (line) => requests.push(line.trim());
  const onError = (error) => console.error(error);
  const gateway = await startGateway(await gatewayParts(), {
    provider: found,
    model,
    key: "k",
    writeLog,
    onError,
  });
  gateways.push(gateway);
  return gateway.url;
}
const gateways = [];
after(async () => {
  await Promise.all(gateways.map((gateway) => gateway.cut()));
  server.closeAllConnections();
  server.close();
  await simulator.close();
});

function run({ command, args, env }, folder) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (data) => (output += data));
    child.stderr.on("data", (data) => (output += data));
    const timer = setTimeout(() => child.kill("SIGKILL"), 90_000);
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code, output });
    });
  });
}

for (const agent of AGENTS) {
  describe(agent.name, () => {
    for (const upstream of Object.keys(VENDORS)) {
      if (upstream === agent.dialect) continue;
      test(`runs a tool and goes on over ${upstream}`, { timeout: 120_000 }, async () => {
        const root = mkdtempSync(join(tmpdir(), "ai-lib-agent-"));
        const home = join(root, "home");
        const folder = join(root, "work");
        mkdirSync(home);
        mkdirSync(folder);
        try {
          const base = await baseOf(upstream);
          const started = agent.start({
            base,
            home,
            folder,
            prompt: "Run the command and say what it printed.",
          });
          const env = { PATH: process.env.PATH, HOME: home, TMPDIR: root, NO_COLOR: "1", ...started.env };
          requests.length = 0;
          const { code, output } = await run({ ...started, env }, folder);
          const seen = `${agent.name} asked for ${[...new Set(requests)].join(", ")} and said:\n${output.slice(-3_000)}`;
          assert.match(output, /It printed forty-two/, seen);
          assert.equal(code, 0, seen);
        } finally {
          rmSync(root, { recursive: true, force: true, maxRetries: 5 });
        }
      });
    }
  });
}
