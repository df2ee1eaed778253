import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Outcome, runSimulated } from "../../../../examples/simulated.js";
import {
  type CompiledExamples,
  compileExamples,
  EXAMPLES,
  exampleNames,
} from "../support/compiled-examples.js";

/** What an example prints when it works, and whom it asked for it, where that is its point. */
interface Expected {
  readonly prints: readonly (string | RegExp)[];
  readonly asks?: readonly string[];
}

const EXPECTED: Readonly<Record<string, Expected>> = {
  "00-ten-lines": { prints: ["You said: Why is the sky blue?\nanswered by openai"] },
  "01-hello": { prints: ["You said: Why is the sky blue?", /^openai\/\S+: \d+ tokens, stop$/m] },
  "02-streaming": {
    prints: ["You said: Count from one to ten, in words.\n(16 tokens in, 11 out)", "finished: stop"],
    asks: ["openai", "openai"],
  },
  "03-tools": { prints: ["round 1: 1 tool result(s)", '"celsius":21', "4 messages"] },
  "04-structured-output": {
    prints: ["native {", 'so far {"name":"sam"}', /whole \{ name: '\w+', minutes: \d+, ingredients: \[/],
  },
  "05-images-and-files": { prints: ["(with image, file)"] },
  "06-reasoning": { prints: ["(The user wan)", /^[1-9]\d* of \d+ tokens were thinking$/m, "And their sum?"] },
  "07-custom-endpoint": { prints: ["Who are you? $0.0000", "And you?"], asks: ["labs", "labs"] },
  "08-own-adapter": { prints: ["HELLO FROM MY OWN CODE", "Six times seven. -> 42 (5 tokens)"], asks: [] },
  "09-failover": {
    prints: [
      /groq: error OVERLOADED 503\nanthropic: success/,
      /^You said: Tell me a long story\.\nended by openai$/m,
    ],
    asks: ["groq", "anthropic", "groq", "anthropic", "openai"],
  },
  "10-weighted-round-robin": {
    prints: [
      /one: groq\ntwo: together\nthree: groq/,
      "{ groq: 6, together: 2 }",
      "round-robin[groq,together] weighted[groq,together]",
    ],
  },
  "11-nested-strategies": {
    prints: ["conditional[google,failover[timeout(round-robin[", "groq error, together success"],
    asks: ["groq", "together"],
  },
  "12-hedging": {
    prints: ["You said: Who is quicker?", "openai: cancelled no content", "groq: success had content first"],
    asks: ["openai", "groq"],
  },
  "13-health-aware-routing": {
    prints: [
      "groq is down: 2 of 2 calls failed",
      "call 3: openai success",
      "groq: down, 0 answered, 2 failed",
    ],
    asks: ["groq", "openai", "groq", "openai", "openai"],
  },
  "14-batch": {
    prints: ["5 of 5", /0 You said: Rhyme with sea\.\n1 .*\n2 .*\n3 INVALID_REQUEST: .*\n4 You said: Rhyme/],
  },
  "15-observation": {
    prints: [/^(\w{6}) asked .*\n\1 groq error RATE_LIMIT\n\1 moved from groq to openai after TRANSIENT_/m],
    asks: ["groq", "openai"],
  },
  "16-moving-a-conversation": {
    prints: ["state-dropped:", "anthropic -> openai -> google", "You said: Thank you. Put it in one line."],
    asks: ["anthropic", "openai", "google"],
  },
  "17-http-service": { prints: ["listening", /^You said: Good evening\n\d+ tokens$/m], asks: ["openai"] },
  "18-your-own-in-the-stack": {
    prints: [
      "The other providers are down. This answer is my own.",
      "labs: 1 failed",
      'ai_lib_failovers_total{from="labs",to="groq",code="OVERLOADED",severity="TRANSIENT"} 1',
    ],
    asks: ["labs", "groq", "openai"],
  },
  "19-conformance": {
    prints: [/^tools +ok +\d+ +one tool is called/m, /labs\/gpt-x conforms: [1-9]\d* passed, 0 failed/],
  },
  "24-semantic-search": { prints: [/^\d+ texts, \d+ tokens, /m, /^-?\d\.\d{3} \S/m] },
  "25-batch-jobs": {
    prints: [/^openai: 3 of chat, since /m, "sky You said: Rhyme with sky.", "4 answered, "],
  },
  "26-files": {
    prints: [
      "rows.jsonl: 99 bytes, ready, for 24 hours\nlisted rows.jsonl (batch)\nread 2 lines",
      "gone: INVALID_REQUEST 404\nuploaded once: true",
    ],
    asks: [],
  },
  "27-webhooks": {
    prints: [
      "response.completed: resp_1\nThe webhook is not proved to come from openai: no signature is right",
      "204 204 401",
    ],
    asks: [],
  },
  "28-voices": {
    prints: [
      "Good morning. openai, audio/mpeg, 0 warnings\nGood night. google, audio/wav, 0 warnings\nthe narrator: sound",
      "43 voices, such as alloy of openai",
    ],
    asks: [],
  },
  "30-agent": {
    prints: [
      "refund waits for approval",
      'check_stock: {"looked":"Porto"}',
      "paused refund\nanswered The tools found",
      /\d+ tokens in 2 rounds/,
    ],
  },
  "31-extraction": { prints: ["sample 2026 1 lines", "0 repairs", "line sample 1\n1 in all"] },
  "32-conversation": {
    prints: [
      "7 messages of ada",
      "5 are left: system user",
      "groq summarized; 4 are left",
      "forked at 3 -> 4",
    ],
  },
  "20-record-and-replay": {
    prints: [
      "recorded: You said: Tell me a story of one line.\nreplayed: You said: Tell me a story of one line.",
      "not recorded: CONFIG_ERROR",
      /^POST 127\.0\.0\.1\/\S+: stream of \d+ frames$/m,
    ],
    asks: ["openai"],
  },
  "21-chat-page": {
    prints: ["(reading page 1 of 2)\n(reading page 2 of 2)\nThe tools found: It will rain."],
    asks: ["openai", "openai"],
  },
  "22-resumable-chat": {
    prints: [
      "after it: You said: Count from one to twenty, in words, and then back to one.\n",
      "CANCELLED: The answer was stopped",
    ],
    asks: ["openai", "openai"],
  },
  "23-mcp": {
    prints: ["tools: list_notes\ncalls list_notes\nThe tools found: Buy bread; call Ada"],
    asks: ["openai", "openai"],
  },
  "40-ai-sdk": {
    prints: ["You said: Good evening\nanswered by groq\nThe tools found: 22 degrees in sample"],
  },
  "41-langchain": { prints: ["You said: Good evening\nThe tools found: 22 degrees in sample"] },
  "42-agents": { prints: ["The tools found: 22 degrees in sample\n2 requests"] },
};

const names = exampleNames();

/** The name of a package in the name of a module. */
const OTHERS = /^(?:@[^/]+\/)?[^/]+/;

/** Other packages that an example is about. */
const ABOUT: Readonly<Record<string, readonly string[]>> = {
  "23-mcp": ["@modelcontextprotocol/sdk"],
  "31-extraction": ["zod"],
  "40-ai-sdk": ["ai", "zod"],
  "41-langchain": ["@langchain/core", "zod"],
  "42-agents": ["@openai/agents-core", "zod"],
};

function text(name: string): string {
  return readFileSync(new URL(`${name}.ts`, EXAMPLES), "utf8");
}

let examples: CompiledExamples;

beforeAll(async () => {
  examples = await compileExamples();
}, 120_000);
afterAll(() => examples.remove());

describe("examples", () => {
  it("are all looked at here", () => {
    expect(names).toEqual(Object.keys(EXPECTED).sort());
  });

  it.each(names)("%s is one idea in fewer than 60 lines, of ai-lib, Node and what it is about", (name) => {
    const lines = text(name).trimEnd().split("\n");
    expect(lines.length).toBeLessThan(60);
    const imported = [...text(name).matchAll(/from "([^"]+)"/g)].map(([, module]) => module ?? "");
    // A module of a page has a path.
    const own = /^(ai-lib(\/[\w/-]+)?|node:[\w/]+|\/.*)$/;
    const others = imported.filter((module) => !own.test(module)).map((module) => OTHERS.exec(module)?.[0]);
    expect(others.every((module) => module !== undefined && ABOUT[name]?.includes(module))).toBe(true);
  });

  it("put an own endpoint and an own adapter into a nested failover with health and metrics in under 25 lines", () => {
    expect(text("18-your-own-in-the-stack").trimEnd().split("\n").length).toBeLessThan(35);
  });

  it.each(Object.entries(EXPECTED))(
    "%s runs against the simulator",
    { timeout: 90_000 },
    async (name, expected) => {
      const outcome: Outcome = await runSimulated(examples.folder, name);
      expect(outcome).toMatchObject({ exitCode: 0, stderr: "" });
      for (const printed of expected.prints) expect(outcome.stdout).toMatch(printed);
      if (expected.asks !== undefined) expect(outcome.asked).toEqual(expected.asks);
    },
  );
});
