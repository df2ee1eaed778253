import { describe, expect, it } from "vitest";
import type { ClientHalf, ServerHalf } from "../src/core/contract/dialect.js";
import type { Frame } from "../src/core/contract/transport.js";
import { repairHistory } from "../src/core/kinds/chat/repair-history.js";
import type { ChatRequest } from "../src/core/values/chat-request.js";
import type { ContentPart, Message, ToolCallPart } from "../src/core/values/message.js";
import { DIALECT_IDS } from "../src/providers/endpoint/dialect-ids.js";
import { dialectClient } from "../src/providers/endpoint/dialects.js";
import { serverHalves } from "../src/serve/halves.js";
import { bodyFramer, otherFramings } from "../src/wire/framing.js";
import { framersByKind } from "../src/wire/other-framings.js";
import { superlinear } from "./support/growth.js";
import { framesFor, replayBody, replayFrames, responseOf, targetFor } from "./support/halves.js";

otherFramings.provide(framersByKind);

/** Items of the shortest input; the others have twice and four times as many. */
const ITEMS = 3_000;

const range = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
const call = (i: number, name = `tool_${i % 7}`): ToolCallPart => ({
  type: "tool-call",
  id: `call_${i}`,
  name,
  arguments: { i },
});

/** Answers with many of something. */
const ANSWERS: Readonly<Record<string, (count: number) => ContentPart[]>> = {
  "text parts": (count) => range(count, (i) => ({ type: "text", text: `part ${i}` })),
  "tool calls": (count) => range(count, (i) => call(i)),
  "reasoning parts": (count) => range(count, (i) => ({ type: "reasoning", text: `thought ${i}` })),
  "texts and calls in turn": (count) =>
    range(count, (i) => (i % 2 === 0 ? { type: "text", text: `part ${i}` } : call(i))),
  "sources of one long text": (count) => [
    { type: "text", text: "wörds of text ".repeat(count) },
    ...range(
      count,
      (i): ContentPart => ({
        type: "source",
        url: `https://a.test/${i}`,
        title: `title ${i}`,
        cites: { index: 0, start: i * 14, end: i * 14 + 13 },
      }),
    ),
  ],
  "sources of many texts": (count) =>
    range(count, (i): ContentPart[] => [
      { type: "text", text: `part ${i}` },
      { type: "source", url: `https://a.test/${i}`, cites: { index: i * 2, start: 0, end: 4 } },
    ]).flat(),
  "sources without a place": (count) => [
    { type: "text", text: "x" },
    ...range(count, (i): ContentPart => ({ type: "source", url: `https://a.test/${i}` })),
  ],
};

const result = (i: number): Message => ({
  role: "tool",
  content: [{ type: "tool-result", id: `call_${i}`, name: `tool_${i % 7}`, content: "done" }],
});
const turn = (i: number): Message[] => [{ role: "assistant", content: [call(i)] }, result(i)];

/** Requests with many of something. */
const REQUESTS: Readonly<Record<string, (count: number) => ChatRequest>> = {
  turns: (count) => ({
    messages: [
      ...range(count, (i): Message => ({ role: i % 2 === 0 ? "user" : "assistant", content: `turn ${i}` })),
      { role: "user", content: "go" },
    ],
  }),
  "turns of a tool": (count) => ({
    messages: [{ role: "user", content: "go" }, ...range(count, turn).flat()],
  }),
  "calls of one turn": (count) => ({
    messages: [
      { role: "user", content: "go" },
      { role: "assistant", content: range(count, (i) => call(i)) },
      ...range(count, result),
    ],
  }),
  "results in reverse": (count) => ({
    messages: [
      { role: "user", content: "go" },
      { role: "assistant", content: range(count, (i) => call(i)) },
      ...range(count, (i) => result(count - 1 - i)),
    ],
  }),
  "results without a call": (count) => ({
    messages: [{ role: "user", content: "go" }, ...range(count, result)],
  }),
  "calls of one id": (count) => ({
    messages: [{ role: "user", content: "go" }, ...range(count, (): Message[] => turn(0)).flat()],
  }),
  "system messages": (count) => ({
    messages: [
      ...range(count, (i): Message => ({ role: "system", content: `rule ${i}` })),
      { role: "user", content: "go" },
    ],
  }),
  "parts of a message": (count) => ({
    messages: [{ role: "user", content: range(count, (i) => ({ type: "text", text: `part ${i}` })) }],
  }),
  pictures: (count) => ({
    messages: [
      {
        role: "user",
        content: range(count, () => ({ type: "image", data: "iVBORw0KGgo=", mediaType: "image/png" })),
      },
    ],
  }),
  tools: (count) => ({
    messages: [{ role: "user", content: "go" }],
    tools: range(count, (i) => ({
      type: "function",
      name: `tool_${i}`,
      parameters: { type: "object", properties: { a: { type: "string" } } },
    })),
  }),
  "stop sequences": (count) => ({
    messages: [{ role: "user", content: "go" }],
    stop: range(count, (i) => `stop ${i}`),
  }),
};

const facts = { id: "served", created: 0 };
const end = { finishReason: "stop" as const, usage: { inputTokens: 1, outputTokens: 1 } };
const servers = new Map((await serverHalves()).map((half) => [half.id, half]));
const dialects: [id: string, client: ClientHalf, server: ServerHalf][] = [];
for (const id of DIALECT_IDS) dialects.push([id, await dialectClient(id), servers.get(id) as ServerHalf]);

describe.each(dialects)("%s takes time in proportion to", (id, client, server) => {
  const target = targetFor(id);

  describe.each(Object.entries(ANSWERS))("an answer with %s", (_, make) => {
    it.each<[string, (parts: ContentPart[]) => () => void]>([
      [
        "written whole",
        (parts) => {
          const response = responseOf(parts, end);
          return () => {
            server.encode(response, facts);
          };
        },
      ],
      [
        "read whole",
        (parts) => {
          const { body } = server.encode(responseOf(parts, end), facts);
          return () => {
            replayBody(client, target, body);
          };
        },
      ],
      [
        "written as a stream",
        (parts) => {
          const response = responseOf(parts, end);
          return () => {
            framesFor(server, response, facts);
          };
        },
      ],
      [
        "read as a stream",
        (parts) => {
          const frames: Frame[] = framesFor(server, responseOf(parts, end), facts);
          return () => {
            replayFrames(client, target, frames);
          };
        },
      ],
    ])("%s", (_way, prepare) => {
      expect(superlinear(ITEMS, (count) => prepare(make(count)))).toBeUndefined();
    });
  });

  describe.each(Object.entries(REQUESTS))("a request with %s", (_, make) => {
    it.each<[string, (request: ChatRequest) => () => void]>([
      [
        "written",
        (request) => () => {
          attempt(() => client.encode(request, "unary", target));
        },
      ],
      [
        "read",
        (request) => {
          const http = attempt(() => client.encode(request, "unary", target))?.http;
          return () => {
            if (http !== undefined) attempt(() => server.decode(http));
          };
        },
      ],
    ])("%s", (_way, prepare) => {
      expect(superlinear(ITEMS, (count) => prepare(make(count)))).toBeUndefined();
    });
  });
});

describe.each(Object.entries(REQUESTS))("the history of a request with %s", (_, make) => {
  it("is repaired in linear time", () => {
    expect(
      superlinear(ITEMS, (count) => {
        const { messages } = make(count);
        return () => {
          repairHistory(messages);
        };
      }),
    ).toBeUndefined();
  });
});

/** Words that errors are classified by, and what a pattern may stumble over. */
const WORDS = [
  "model ",
  "exceed ",
  "no endpoints found ",
  "token limit ",
  "again 1s",
  "(1008",
  "api key ",
  "_",
  " ",
  "1",
  "\\n",
  "eyJ.",
  "<",
];

describe.each(dialects)("%s classifies errors in time in proportion to", (id, client) => {
  it.each(WORDS)("%j", (word) => {
    const shapes = (text: string) => [
      JSON.stringify({ error: { message: text, type: text, code: text } }),
      JSON.stringify({ error: text, message: text, detail: text }),
      text,
    ];
    const slow = superlinear(50_000, (length) => {
      const bodies = shapes(word.repeat(length / word.length));
      return () => {
        for (const body of bodies)
          for (const status of [400, 404, 429, 500])
            client.error({ status, headers: {}, body }, targetFor(id));
      };
    });
    expect(slow).toBeUndefined();
  });
});

describe("a framing takes time in proportion to", () => {
  const HOSTILE = [
    "\n",
    "\r",
    "\r\n",
    "data: x\n",
    "data: x\r",
    "data:\n",
    "x",
    "[",
    "{",
    '"',
    "\\\\",
    "1,",
    "[],",
    ":\n",
    "event: a\n",
  ];
  const rows = (["sse", "ndjson", "json-array"] as const).flatMap((framing) =>
    HOSTILE.map((text): [string, string] => [framing, text]),
  );
  const TYPES: Readonly<Record<string, [type: string, head: string]>> = {
    sse: ["text/event-stream", ":\n"],
    ndjson: ["application/x-ndjson", " "],
    "json-array": ["application/json", "["],
  };
  it.each(rows)("%s: %j", (framing, text) => {
    const [type, head] = TYPES[framing] ?? ["", ""];
    const slow = superlinear(250_000, (length) => {
      const bytes = Buffer.from(text.repeat(length / text.length));
      const ends = Buffer.from("\r");
      return () => {
        attempt(() => {
          const framer = bodyFramer(type, "sse", { frame() {}, whole() {} });
          framer.push(Buffer.from(head));
          for (let at = 0; at < bytes.length; at += 65_535) {
            framer.push(bytes.subarray(at, at + 65_535));
            if (framing === "sse") framer.push(ends);
          }
          framer.end();
        });
      };
    });
    expect(slow).toBeUndefined();
  });
});

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
