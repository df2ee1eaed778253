import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../src/testing/simulator.js";
import { startChatServer } from "./chat-server.js";
import { hasChromium, startChromium } from "./chromium.js";

const required = process.env["CI"] !== undefined && process.env["CI"] !== "";
if (!hasChromium && !required)
  it.skip("a page in a browser: skipped, since Chromium is not installed (Debian's package `chromium`)", () => {});

/** An answer of some 40 pieces, long enough to act while it comes. */
const LONG = Array.from({ length: 60 }, (_, at) => `word-${at}`).join(" ");

describe.skipIf(!hasChromium && !required).each(["ndjson", "sse"])(
  "a page in Chromium, over %s",
  (format) => {
    let browser: Browser;
    let simulator: Simulator;
    let server: Awaited<ReturnType<typeof startChatServer>>;
    let page: Page;

    beforeAll(async () => {
      browser = await startChromium();
    }, 60_000);
    afterAll(() => browser?.close());
    beforeEach(async () => {
      simulator = await startSimulator({ frameDelayMs: 60 });
      server = await startChatServer(simulator);
      page = await browser.newPage();
    });
    afterEach(async () => {
      await page?.context().close();
      await server.close();
      await simulator.close();
    });

    const open = (question: string) =>
      page.goto(`${server.url}/?format=${format}&q=${encodeURIComponent(question)}`);
    const textOf = (id: string) => page.locator(`#${id}`).textContent();
    const untilText = (part: string) =>
      page.waitForFunction(`document.getElementById("text").textContent.includes(${JSON.stringify(part)})`);
    const untilState = (start: string) =>
      page.waitForFunction(
        `document.getElementById("state").textContent.startsWith(${JSON.stringify(start)})`,
      );
    const attempts = () => simulator.at("model");
    const untilEnded = async () => {
      await expect.poll(() => attempts().at(-1)?.endedAt !== undefined, { timeout: 15_000 }).toBe(true);
      return attempts().at(-1)?.outcome;
    };

    it("shows the text while it is written", async () => {
      await open(LONG);
      await page.click("#send");
      await untilText("word-5");
      const early = await textOf("text");
      expect(early).not.toContain("word-59");
      expect(await textOf("state")).toBe("running");
      await untilState("done");
      expect(await textOf("text")).toBe(`You said: ${LONG}`);
    });

    it("shows the progress of a tool", async () => {
      await open("search for something");
      await page.click("#send");
      await untilState("done");
      expect(await textOf("tools")).toBe('search {"percent":50};search {"percent":90};search done;');
      expect(await textOf("text")).toBe("The tools found: found it");
    });

    it("shows the message of an error, and nothing of what is behind the server", async () => {
      simulator.always("model", { error: { code: "AUTH_FAILED", message: "key sk-secret of 10.0.0.1" } });
      await open("Hello");
      await page.click("#send");
      await untilState("AUTH_FAILED");
      expect(await textOf("state")).toBe("AUTH_FAILED: The answer failed with AUTH_FAILED");
      expect(await page.content()).not.toContain("sk-secret");
    });

    it("continues from its place after a reload, with one request to the model", async () => {
      await open(LONG);
      await page.click("#send");
      await untilText("word-5");
      await page.reload();
      const early = await textOf("text");
      expect(early).toContain("word-5");
      expect(early).not.toContain("word-59");
      await untilState("done");
      expect(await textOf("text")).toBe(`You said: ${LONG}`);
      expect(attempts()).toHaveLength(1);
    });

    it("continues after a connection that broke, by itself", async () => {
      await open(LONG);
      await page.click("#send");
      await untilText("word-5");
      server.cut();
      await untilState("done");
      expect(await textOf("text")).toBe(`You said: ${LONG}`);
      expect(attempts()).toHaveLength(1);
    });

    it("stops the answer with its button: the model's connection is closed", async () => {
      await open(LONG);
      await page.click("#send");
      await untilText("word-5");
      await page.click("#stop");
      await untilState("CANCELLED");
      expect(await textOf("state")).toBe("CANCELLED: The answer was stopped");
      expect(await untilEnded()).toBe("left");
      expect(await textOf("text")).not.toContain("word-59");
    });

    it("does not stop the answer by leaving", async () => {
      await open(LONG);
      await page.click("#send");
      await untilText("word-5");
      await page.goto("about:blank");
      expect(await untilEnded()).toBe("answered");
    });

    it("closes the model's connection when the page of a plain stream leaves", async () => {
      await page.goto(`${server.url}/source`);
      await untilText("You");
      await page.goto("about:blank");
      expect(await untilEnded()).toBe("left");
    });

    it("is read by an EventSource", async () => {
      await page.goto(`${server.url}/source`);
      await untilState("done");
      expect(await textOf("text")).toBe("You said: Hello from an event source");
      expect(attempts()).toHaveLength(1);
    });
  },
);
