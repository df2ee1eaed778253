// Tests the packed package in Next, on both of its runtimes, and in Jest.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startSimulator } from "ai-lib/testing";
import { installPacked } from "../packed.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const own = join(here, "node_modules");
const execute = promisify(execFile);
let app;
before(() => {
  // In this folder, so that the app finds Next: Turbopack does not follow links out of its root.
  app = installPacked(here);
});
after(() => rmSync(app, { recursive: true, force: true }));

function write(path, text) {
  mkdirSync(join(app, path, ".."), { recursive: true });
  writeFileSync(join(app, path), text);
}

describe("Next", () => {
  const route = (runtime) => `
import { AiClient, defineProvider, failover } from "ai-lib";
export const runtime = "${runtime}";
export const dynamic = "force-dynamic";
const member = (name) =>
  defineProvider(
    { id: name, dialect: "openai-chat", baseUrl: process.env.MODEL_URL + "/@" + name + "/~openai-chat", model: "m" },
    { apiKey: "k" },
  );
export async function GET() {
  const chain = failover([member("${runtime}-down"), member("${runtime}-up")]);
  return Response.json({ text: (await new AiClient(chain).chat("Hi")).text, edge: typeof EdgeRuntime });
}
export async function POST(request) {
  const { prompt } = await request.json();
  return new AiClient(member("${runtime}-up")).stream(prompt).toResponse();
}
`;
  let simulator;
  let server;
  let url;
  before(async () => {
    simulator = await startSimulator();
    for (const runtime of ["nodejs", "edge"]) {
      simulator.always(`${runtime}-down`, { status: 503 });
      write(`app/${runtime}/route.js`, route(runtime));
    }
    write(
      "app/layout.jsx",
      "export default function Layout({ children }) { return <html><body>{children}</body></html>; }",
    );
    write("next.config.mjs", `export default { turbopack: { root: ${JSON.stringify(here)} } };`);
    write("app/page.jsx", "export default function Page() { return <p>up</p>; }");
    const next = join(own, "next/dist/bin/next");
    const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", MODEL_URL: simulator.url };
    await execute(process.execPath, [next, "build"], { cwd: app, env });
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    server = spawn(process.execPath, [next, "start", "-p", String(port), "-H", "127.0.0.1"], {
      cwd: app,
      env,
      stdio: ["ignore", "ignore", "inherit"],
    });
    for (let tries = 0; ; tries++) {
      if (
        await fetch(url)
          .then(({ ok }) => ok)
          .catch(() => false)
      )
        break;
      if (tries > 150 || server.exitCode !== null) throw new Error("Next did not start");
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  });
  after(async () => {
    server?.kill();
    await simulator?.close();
  });

  for (const [runtime, edge] of [
    ["nodejs", "undefined"],
    ["edge", "string"],
  ])
    it(`runtime ${runtime}: a failover, and a stream as a response`, async () => {
      assert.deepEqual(await (await fetch(`${url}/${runtime}`)).json(), { text: "You said: Hi", edge });
      const reply = await fetch(`${url}/${runtime}`, {
        method: "POST",
        body: JSON.stringify({ prompt: "Say this" }),
      });
      const events = (await reply.text())
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
      assert.equal(events.at(-1).type, "finish");
    });
});

describe("Jest", () => {
  const use = `expect((await new AiClient(defineChatProvider({ name: "e", chat: () => "Hello" })).chat("Hi")).text).toBe("Hello");`;
  it("runs tests that are ES modules, and CommonJS ones that import(), as docs/neighbours.md says", async () => {
    write(
      "jest/esm.test.mjs",
      `import { AiClient, defineChatProvider } from "ai-lib";\ntest("esm", async () => { ${use} });`,
    );
    write(
      "jest/common.test.cjs",
      `test("cjs", async () => { const { AiClient, defineChatProvider } = await import("ai-lib"); ${use} });`,
    );
    const { stderr } = await execute(
      process.execPath,
      [
        "--experimental-vm-modules",
        join(own, "jest/bin/jest.js"),
        "--rootDir",
        join(app, "jest"),
        "--testMatch",
        "**/*.test.?js",
      ],
      { cwd: app },
    );
    assert.match(stderr, /Tests:\s+2 passed, 2 total/);
  });
});

const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
