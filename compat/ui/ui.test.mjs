import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { startSimulator } from "ai-lib/testing";
import { chromium } from "playwright-core";
import { rolldown } from "rolldown";
import { chatOf } from "./chat.mjs";
import { startNext } from "./next-server.mjs";
import { recipes } from "./recipes.mjs";

const LONG = Array.from({ length: 60 }, (_, at) => `word-${at}`).join(" ");
const ARGS =
  "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";

async function bundledPage() {
  const bundle = await rolldown({
    input: fileURLToPath(new URL("./page/page.jsx", import.meta.url)),
    platform: "browser",
    transform: { define: { "process.env.NODE_ENV": '"production"' } },
  });
  const { output } = await bundle.generate({ format: "esm", codeSplitting: false });
  return output[0].code;
}

let browser;
let page;
before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.AI_LIB_CHROMIUM ?? "/usr/bin/chromium",
    args: ARGS.split(" "),
  });
  page = await bundledPage();
});
after(() => browser?.close());

const servers = {
  ...Object.fromEntries(
    Object.entries(recipes).map(([name, start]) => [name, (baseUrl) => start(chatOf(baseUrl), page)]),
  ),
  "a built Next app": startNext,
};

for (const [name, start] of Object.entries(servers)) {
  describe(`useChat on ${name}`, () => {
    let simulator;
    let server;
    before(async () => {
      simulator = await startSimulator({ frameDelayMs: 60 });
      server = await start(`${simulator.baseUrl("model")}/v1`);
    });
    after(async () => {
      await server?.close();
      await simulator?.close();
    });

    async function ask(question, look) {
      const tab = await browser.newPage();
      tab.setDefaultTimeout(60_000);
      try {
        await tab.goto(`${server.url}/?q=${encodeURIComponent(question)}`);
        await tab.click("#send");
        await look(tab, (selector, text) =>
          tab.locator(selector, { hasText: text }).first().waitFor({ state: "attached" }),
        );
      } finally {
        await tab.close();
      }
    }

    it("shows the text while it arrives", () =>
      ask(LONG, async (tab, until) => {
        await until(".assistant .text", "word-5");
        assert.doesNotMatch(await tab.locator(".assistant .text").innerText(), /word-59/);
        await until("#status", "ready");
        assert.equal(await tab.locator(".assistant .text").innerText(), `You said: ${LONG}`);
      }));

    it("shows the progress of a tool, and its result", () =>
      ask("search for it", async (tab, until) => {
        await until(".progress", '{"percent":50}');
        await until(".output-available", '{"found":"it"}');
        await until("#status", "ready");
        assert.equal(await tab.locator(".assistant .text").innerText(), 'The tools found: {"found":"it"}');
      }));

    it("shows the message of an error", () => {
      simulator.script("model", [{ error: { code: "AUTH_FAILED", message: "key sk-secret of 10.0.0.1" } }]);
      return ask("Hello", async (tab, until) => {
        await until("#error", "The answer failed with AUTH_FAILED");
        assert.doesNotMatch(await tab.content(), /sk-secret/);
      });
    });

    it("stops: the model's connection is closed", () =>
      ask(LONG, async (tab, until) => {
        await until(".assistant .text", "word-5");
        await tab.click("#stop");
        await until("#status", "ready");
        const attempt = simulator.at("model").at(-1);
        for (let tries = 0; attempt.outcome === "running" && tries < 100; tries++)
          await new Promise((resolve) => setTimeout(resolve, 100));
        assert.equal(attempt.outcome, "left");
      }));

    it("continues with the history in a second question", () =>
      ask("first", async (tab, until) => {
        await until(".assistant .text", "You said: first");
        await until("#status", "ready");
        await tab.click("#send");
        await tab.locator(".assistant").nth(1).waitFor();
        await until("#status", "ready");
        const { request } = simulator.at("model").at(-1);
        assert.deepEqual(
          request.messages.map(({ role }) => role),
          ["user", "assistant", "user"],
        );
      }));
  });
}
