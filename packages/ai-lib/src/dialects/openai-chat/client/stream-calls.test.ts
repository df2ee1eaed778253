import { describe, expect, it } from "vitest";
import { answer, call, chunk, failure, play } from "../../../../test/support/chat-chunks.js";

describe("tool calls in a stream", () => {
  const done = chunk({}, {}, "tool_calls");

  function called(deltas: readonly object[]): unknown[] {
    return answer([...deltas.map((delta) => chunk(delta)), done]).toolCalls.map(
      ({ name, arguments: args }) => [name, args],
    );
  }

  it.each<[string, object[]]>([
    ["by index", [call(0, { id: "a", name: "f", args: '{"x"' }), call(0, { args: ":1}" })]],
    [
      "with indices that start above 0",
      [call(5, { id: "a", name: "f", args: '{"x"' }), call(5, { args: ":1}" })],
    ],
    [
      "without any index",
      [call(undefined, { id: "a", name: "f", args: '{"x"' }), call(undefined, { args: ":1}" })],
    ],
    [
      "with an id on every delta",
      [call(0, { id: "a", name: "f", args: '{"x"' }), call(0, { id: "a", args: ":1}" })],
    ],
    [
      "with an empty id later",
      [call(0, { id: "a", name: "f", args: '{"x"' }), call(0, { id: "", name: "", args: ":1}" })],
    ],
    [
      "with a null id later",
      [call(0, { id: "a", name: "f", args: '{"x"' }), call(0, { id: null, args: ":1}" })],
    ],
    [
      "with the name after the first arguments",
      [call(0, { id: "a", args: '{"x"' }), call(0, { name: "f", args: ":1}" })],
    ],
    [
      "with the name later and no index",
      [call(undefined, { id: "a", args: '{"x":1}' }), call(undefined, { id: "a", name: "f" })],
    ],
    ["in one delta", [call(0, { id: "a", name: "f", args: '{"x":1}' })]],
    ["with arguments as an object", [call(0, { id: "a", name: "f", args: { x: 1 } })]],
    [
      "in the form before tools",
      [{ function_call: { name: "f", arguments: '{"x"' } }, { function_call: { arguments: ":1}" } }],
    ],
  ])("are put together %s", (_how, deltas) => {
    expect(called(deltas)).toEqual([["f", { x: 1 }]]);
  });

  it.each<[string, object[]]>([
    [
      "one index for all",
      [call(0, { id: "a", name: "f", args: "{}" }), call(0, { id: "b", name: "g", args: "{}" })],
    ],
    [
      "ids alone",
      [
        call(undefined, { id: "a", name: "f", args: "{}" }),
        call(undefined, { id: "b", name: "g", args: "{}" }),
      ],
    ],
    ["names alone", [call(undefined, { name: "f", args: "{}" }), call(undefined, { name: "g", args: "{}" })]],
    [
      "interleaved pieces",
      [
        call(0, { id: "a", name: "f", args: "{" }),
        call(1, { id: "b", name: "g", args: "{" }),
        call(0, { args: "}" }),
        call(1, { args: "}" }),
      ],
    ],
  ])("are told apart by %s", (_what, deltas) => {
    expect(called(deltas)).toEqual([
      ["f", {}],
      ["g", {}],
    ]);
  });

  it.each([undefined, "", "null", "  "])("have no arguments where the text is %j", (args) => {
    expect(called([call(0, { id: "a", name: "f", ...(args === undefined ? {} : { args }) })])).toEqual([
      ["f", {}],
    ]);
  });

  it("get ids that differ where the server sends none", () => {
    const frames = [
      chunk(call(0, { name: "f", args: "{}" })),
      chunk(call(1, { name: "g", args: "{}" })),
      done,
    ];
    const ids = answer(frames).toolCalls.map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
    expect(ids.every((id) => /^call_\w+$/.test(id) && id.length <= 40)).toBe(true);
  });

  it("pass their raw text on as it comes", () => {
    const { events } = play([
      chunk(call(0, { id: "a", name: "f", args: '{"x"' })),
      chunk(call(0, { args: ":1}" })),
      done,
    ]);
    expect(events.flatMap((event) => (event.type === "tool-call-delta" ? [event.text] : []))).toEqual([
      '{"x"',
      ":1}",
    ]);
  });

  it("are an invalid response where the arguments are no object, unless the token limit cut them", () => {
    const cut = chunk(call(0, { id: "a", name: "f", args: '{"x":' }));
    expect(failure([cut, done, "[DONE]"]).code).toBe("INVALID_RESPONSE");
    const { toolCalls, finishReason } = answer([cut, chunk({}, {}, "length"), "[DONE]"]);
    expect(finishReason).toBe("length");
    expect(toolCalls).toEqual([{ type: "tool-call", id: "a", name: "f", argumentsText: '{"x":' }]);
  });

  it("are an invalid response where nobody says which tool", () => {
    expect(failure([chunk(call(0, { id: "a", args: "{}" })), done, "[DONE]"]).code).toBe("INVALID_RESPONSE");
  });

  it("keep a thought signature, to be echoed", () => {
    const extra_content = { google: { thought_signature: "sig" } };
    const delta = {
      tool_calls: [{ index: 0, id: "a", function: { name: "f", arguments: "{}" }, extra_content }],
    };
    expect(answer([chunk(delta), done]).toolCalls[0]?.origin).toEqual({
      family: "labs",
      provider: "labs",
      model: "gpt-x-1",
      data: { extra_content },
    });
  });
});
