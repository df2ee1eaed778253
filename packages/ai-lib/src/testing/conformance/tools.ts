import type { ChatRequest } from "../../core/values/chat-request.js";
import type { ChatResponse } from "../../core/values/chat-response.js";
import { type FunctionTool, toolResult } from "../../core/values/tool.js";
import { group } from "./definition.js";
import { expect, expectSame } from "./expect.js";
import { ask, GREETING, MOON, TIME, WEATHER } from "./prompts.js";
import { bare, read, rebuilt } from "./reading.js";
import type { Subject } from "./subject.js";

/** Calls of tools, and their results. */
export const tools = group("tools", [
  ["without tools no call comes", none],
  ["no tool is called where toolChoice forbids it", forbidden, "tools"],
  ["one tool is called with arguments that follow its schema", one, "tools"],
  ["a call that is streamed is rebuilt from its deltas", streamed, "tools"],
  ["a tool without arguments is called with an empty object", withoutArguments, "tools"],
  ["a result goes back, and the answer uses it", roundTrip, "tools"],
  ["several tools are called in one answer, each with an id of its own", several, "tools", "parallelTools"],
]);

const ONE = "What is the weather in Paris? Use the tool.";
const MOON_PHASE = "Which phase is the moon in? Use the tool.";
const SEVERAL = "What are the weather and the local time in Paris? Call both tools at once.";

async function each(
  subject: Subject,
  request: ChatRequest,
  check: (response: ChatResponse) => void,
): Promise<void> {
  check(await subject.chat(request));
  check((await read(subject, subject.stream(request))).response);
}

function none(subject: Subject): Promise<void> {
  return each(subject, ask(ONE), ({ toolCalls, finishReason }) => {
    expectSame(toolCalls.length, 0, "calls of a request without tools");
    expect(finishReason !== "tool-calls", "a request without tools ended for calls");
  });
}

function forbidden(subject: Subject): Promise<void> {
  return each(subject, ask(GREETING, { tools: [WEATHER], toolChoice: "none" }), (response) => {
    if (response.warnings.some(({ field }) => field === "toolChoice")) return;
    expectSame(response.toolCalls.length, 0, "calls where toolChoice is none");
  });
}

/** @throws {ConformanceFailure} unless a response calls exactly these tools, each with a city where it wants one. */
function checkCalls(response: ChatResponse, wanted: readonly FunctionTool[]): void {
  const lost = response.warnings.find(({ field }) => field?.startsWith("tools") === true);
  expect(lost === undefined, `the tools were not sent: ${lost?.message}`);
  expectSame(
    response.toolCalls.map(({ name }) => name).sort(),
    wanted.map(({ name }) => name).sort(),
    "the tools that were called",
  );
  expectSame(response.finishReason, "tool-calls", "why an answer with calls ended");
  for (const call of response.toolCalls) {
    expect(typeof call.id === "string" && call.id !== "", `the call of ${call.name} has no id`);
    if (call.name === MOON.name) expectSame(call.arguments, {}, `arguments of ${call.name}`);
    else
      expect(
        typeof call.arguments?.["city"] === "string" && call.arguments["city"] !== "",
        `${call.name} was called with ${JSON.stringify(call.arguments)}, which names no city`,
      );
  }
}

function one(subject: Subject): Promise<void> {
  return each(subject, ask(ONE, { tools: [WEATHER] }), (response) => checkCalls(response, [WEATHER]));
}

async function streamed(subject: Subject): Promise<void> {
  const { events, response } = await read(subject, subject.stream(ask(ONE, { tools: [WEATHER] })));
  expectSame(response.finishReason, "tool-calls", "why an answer with calls ended");
  expectSame(
    rebuilt(events),
    response.content.map(bare),
    "calls rebuilt from deltas, against the response's",
  );
}

function withoutArguments(subject: Subject): Promise<void> {
  return each(subject, ask(MOON_PHASE, { tools: [MOON] }), (response) => checkCalls(response, [MOON]));
}

async function roundTrip(subject: Subject): Promise<void> {
  for (const mode of ["unary", "stream"] as const) {
    const answer = async (request: ChatRequest): Promise<ChatResponse> =>
      mode === "unary" ? subject.chat(request) : (await read(subject, subject.stream(request))).response;
    const first = await answer(ask(ONE, { tools: [WEATHER] }));
    checkCalls(first, [WEATHER]);
    const results = first.toolCalls.map((call) => toolResult(call, { degrees: 47, sky: "hail" }));
    const second = await answer({
      tools: [WEATHER],
      messages: [...ask(ONE).messages, first.message, { role: "tool", content: results }],
    });
    expect(second.text.includes("47"), `told of 47 degrees, it said ${JSON.stringify(second.text)}`);
    expectSame(second.finishReason, "stop", "why the answer to a result ended");
  }
}

function several(subject: Subject): Promise<void> {
  return each(subject, ask(SEVERAL, { tools: [WEATHER, TIME] }), (response) => {
    checkCalls(response, [WEATHER, TIME]);
    expectSame(new Set(response.toolCalls.map(({ id }) => id)).size, 2, "ids of the calls");
  });
}
