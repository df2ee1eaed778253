import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ChatResponse } from "../../src/core/values/chat-response.js";
import { type ContentPart, type Message, partsOf } from "../../src/core/values/message.js";
import type { Tool } from "../../src/core/values/tool.js";
import { endFacts, prose, withoutCutInput } from "../support/arbitrary.js";
import { framesFor, replayBody, replayFrames, responseOf } from "../support/halves.js";
import { FACTS, hold, responseFrom, scopeOf, targetOf } from "./cases.js";
import { canonical, flatCounts } from "./leaves.js";
import type { LawSubject, State } from "./subject.js";

/** The turn that Mistral's template needs between results and a user's words. */
const BRIDGE = "OK.";

/** Laws of what a dialect says itself: its answers and their state come back exactly, in replies and in requests. */
export function describeOwnWords(subject: LawSubject): void {
  const { client, server, cannot, own, history = own, provider, namesParts } = subject;
  const quirks = subject.quirks === undefined ? {} : { quirks: subject.quirks };
  const target = targetOf(subject);
  const sender = { provider, model: target.model };
  const ofReply: State = (data, family = provider) => ({ origin: { family, ...sender, data } });
  const ofRequest: State = (data, family = provider) => ({ origin: { family, data } });
  const facts = endFacts(scopeOf(subject)).map(({ extensions: _fields, refusal: _details, ...rest }) => ({
    ...rest,
    ...(rest.finishReason === "other" && "finishReason.other" in cannot
      ? { finishReason: "stop" as const }
      : {}),
    ...(rest.finishReason === "paused" && "finishReason.paused" in cannot
      ? { finishReason: "length" as const }
      : {}),
    model: target.model,
  }));

  describe(`${client.id}: an answer in the dialect's own words`, () => {
    it("comes back exactly, whole and streamed", () => {
      hold(
        fc.property(contentOf(subject, own(ofReply)), facts, (content, end) => {
          const given = responseOf(content, withoutCutInput(content, end));
          const whole = responseFrom(replayBody(client, target, server.encode(given, FACTS).body));
          const streamed = responseFrom(replayFrames(client, target, framesFor(server, given)).outcome);
          const expected = essence(given, cannot);
          for (const read of [whole, streamed])
            expect(essence(namesParts === true ? likeGiven(read, given) : read, cannot)).toEqual(expected);
        }),
        3,
      );
    });

    it("comes back exactly from the history of a request, without a warning", () => {
      hold(
        fc.property(contentOf(subject, history(ofRequest), true), prose, (content, said) => {
          const asked = {
            messages: conversation(subject, content, said, ofRequest),
            model: target.model,
            tools: toolsOf(content),
          };
          const { http, warnings } = client.encode(asked, "unary", { ...target, ...quirks });
          expect(warnings.filter(({ message }) => !message.startsWith("The history was repaired"))).toEqual(
            [],
          );
          const back = server.decode(http).request.messages.filter(({ content }) => content !== BRIDGE);
          const compared = subject.renamesCalls === true ? withNumberedCalls : (list: Message[]) => list;
          expect(compared(back.map(inParts))).toEqual(compared(asked.messages.map(inParts)));
        }),
        3,
      );
    });
  });
}

function contentOf(
  { ordered }: LawSubject,
  groups: readonly fc.Arbitrary<ContentPart[]>[],
  callsLast = false,
): fc.Arbitrary<ContentPart[]> {
  const chosen =
    ordered === true
      ? fc.tuple(...groups.map((group) => fc.oneof(fc.constant([]), group)))
      : fc.array(fc.oneof(...groups), { maxLength: 6 });
  const runs = (group: readonly ContentPart[]) =>
    group.some((part) => part.type === "tool-call" && part.executedBy === undefined);
  const contents = chosen.map((list) => {
    const content: ContentPart[] = [];
    const turn = callsLast ? [...list.filter((group) => !runs(group)), ...list.filter(runs)] : list;
    for (const group of turn) {
      const at = content.length;
      // A source cites the text that its group begins with.
      for (const part of group)
        content.push(
          part.type === "source" && part.cites !== undefined
            ? { ...part, cites: { ...part.cites, index: at } }
            : part,
        );
    }
    return content;
  });
  return contents.filter(hasUniqueIds);
}

/** Whether each call has an id of its own. */
function hasUniqueIds(content: readonly ContentPart[]): boolean {
  const ids = content.flatMap((part) => (part.type === "tool-call" ? [part.id] : []));
  return new Set(ids).size === ids.length;
}

/** A turn of the model in the middle of a conversation, and the results of the calls that it made. */
function conversation(
  { result }: LawSubject,
  content: readonly ContentPart[],
  said: string,
  state: State,
): Message[] {
  const results = content.flatMap((part) =>
    part.type === "tool-call" && part.executedBy === undefined
      ? [{ type: "tool-result" as const, id: part.id, content: said, ...result?.(part, said, state) }]
      : [],
  );
  return [
    { role: "system", content: said },
    { role: "user", content: said },
    ...(content.length === 0 ? [] : [{ role: "assistant" as const, content }]),
    ...(results.length === 0 ? [] : [{ role: "tool" as const, content: results }]),
    ...(content.length === 0 ? [] : [{ role: "user" as const, content: said }]),
  ];
}

/** The tools that a turn called. */
function toolsOf(content: readonly ContentPart[]): Tool[] {
  const names = content.flatMap((part) => (part.type === "tool-call" ? [part.name] : []));
  const parameters = { type: "object", properties: {} };
  return [...new Set(names)].map((name) => ({ type: "function", name, parameters }));
}

/** A message whose content is a list; a text alone may be written either way. */
function inParts(message: Message): Message {
  return { ...message, content: partsOf(message) } as Message;
}

/** Messages whose calls and results have numbers in place of ids, in order. */
function withNumberedCalls(messages: readonly Message[]): Message[] {
  const numbers = new Map<string, string>();
  const numbered = (part: ContentPart): ContentPart => {
    if (part.type !== "tool-call" && part.type !== "tool-result") return part;
    const number = numbers.get(part.id) ?? String(numbers.size);
    numbers.set(part.id, number);
    return { ...part, id: number };
  };
  return messages.map((message) => ({ ...message, content: partsOf(message).map(numbered) }) as Message);
}

/** What must be equal: everything but the provider's own usage object and word, and what `cannot` names as a whole. */
function essence(response: ChatResponse, cannot: Readonly<Record<string, string>>): unknown {
  const { content, finishReason, usage, serviceTier, cacheMiss, id, model } = response;
  const { toolCalls, text, reasoningText } = response;
  const { raw: _raw, ...counts } = usage;
  const facts = { finishReason, serviceTier, cacheMiss, id, model, ...prefixed(counts) };
  const named = Object.entries(facts).filter(
    ([name, value]) =>
      value !== undefined && !Object.keys(cannot).some((key) => name === key || name.startsWith(`${key}.`)),
  );
  return JSON.parse(
    canonical({ ...Object.fromEntries(named), content, toolCalls, text, reasoningText }),
  ) as unknown;
}

/** An answer whose parts have no state that the given ones had not. */
function likeGiven(read: ChatResponse, given: ChatResponse): ChatResponse {
  const bare = read.content.map((part, i) => {
    const { origin: _named, ...rest } = part;
    return given.content[i]?.origin === undefined ? (rest as ContentPart) : part;
  });
  return responseOf(bare, read);
}

/** Counts by path. One that is not known says the same as none. */
function prefixed(counts: object): Record<string, unknown> {
  return Object.fromEntries(
    flatCounts(counts).map(([path, count]) => [path, count === 0 ? undefined : count]),
  );
}
