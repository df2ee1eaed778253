import fc from "fast-check";
import type { ContentPart, Message, ToolResultPart } from "../../src/core/values/message.js";

/** One thing that happens in a conversation. */
type Step =
  | { readonly do: "user" | "system" | "say"; readonly text: string }
  | {
      readonly do: "call";
      readonly ids: readonly number[];
      readonly text: string;
      readonly kind: "whole" | "malformed";
    }
  | { readonly do: "fail"; readonly ids: readonly number[] }
  | { readonly do: "answer"; readonly ids: readonly number[]; readonly picture: boolean };

const text = fc.constantFrom("hello", "", " ", "thinking about it \n", "done");
const ids = fc.array(fc.nat(3), { minLength: 1, maxLength: 3 });

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom("user" as const, "system" as const, "say" as const), text }),
  fc.record({
    do: fc.constant("call" as const),
    ids,
    text,
    kind: fc.constantFrom("whole" as const, "whole" as const, "malformed" as const),
  }),
  fc.record({ do: fc.constant("fail" as const), ids }),
  fc.record({ do: fc.constant("answer" as const), ids, picture: fc.boolean() }),
);

const PICTURE = { type: "image", data: "iVBORw0KGgo=", mediaType: "image/png" } as const;

/**
 * Conversations as programs leave them: late, missing and repeated results, ids used again, empty and blank turns, turns
 * that failed, system messages midway, windows that begin with the model's turn. Every one ends with a user's words.
 */
export const history: fc.Arbitrary<Message[]> = fc
  .array(step, { minLength: 1, maxLength: 9 })
  .map((steps) => [...steps.flatMap(messagesOf(new Set())), { role: "user", content: "go on" }]);

function messagesOf(known: Set<string>): (step: Step) => Message[] {
  return (step) => {
    switch (step.do) {
      case "user":
      case "system":
        return [{ role: step.do, content: step.text }];
      case "say":
        return [{ role: "assistant", content: step.text }];
      case "call":
      case "fail": {
        const calls = step.ids.map((id): ContentPart => {
          known.add(`call_${id}`);
          const call = { type: "tool-call", id: `call_${id}`, name: `tool_${id}` } as const;
          return step.do === "call" && step.kind === "malformed"
            ? { ...call, argumentsText: '{"a":' }
            : { ...call, arguments: { a: 1 } };
        });
        return step.do === "fail"
          ? [{ role: "assistant", content: calls, incomplete: true }]
          : [{ role: "assistant", content: [...calls, { type: "text", text: step.text }] }];
      }
      case "answer": {
        const content = step.ids
          .filter((id) => known.has(`call_${id}`))
          .map(
            (id): ToolResultPart => ({
              type: "tool-result",
              id: `call_${id}`,
              content: step.picture ? [{ type: "text", text: "seen" }, PICTURE] : "ok",
            }),
          );
        return content.length === 0 ? [] : [{ role: "tool", content }];
      }
      default: {
        const never: never = step;
        throw new TypeError(`Unknown step ${JSON.stringify(never)}`);
      }
    }
  };
}
