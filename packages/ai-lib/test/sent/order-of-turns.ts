import { isObject } from "../../src/core/values/json.js";

/** What is wrong with the order of a body's turns, by what its vendor answers; empty where nothing is. */
export type OrderRule = (body: any) => string[];

/** The checks of messages with roles, calls in `tool_calls` and results in messages of the role `tool`. */
function roles(messages: any[], results: "adjacent" | "any" = "adjacent"): string[] {
  const wrong: string[] = [];
  let open = new Set<string>();
  const used = new Set<string>();
  messages.forEach((message, i) => {
    const { role, content, tool_calls: calls, tool_call_id: id } = message;
    if (role === "tool") {
      // "messages with role 'tool' must be a response to a preceding message with 'tool_calls'"
      if (!open.delete(id) && results === "adjacent") wrong.push(`${i}: a result of no open call`);
      return;
    }
    // "An assistant message with 'tool_calls' must be followed by tool messages responding to each"
    if (open.size > 0) wrong.push(`${i}: calls without results`);
    open = new Set();
    if (role !== "assistant") return;
    const isEmpty = content === undefined || content === null || content === "" || content.length === 0;
    if (calls === undefined && isEmpty) wrong.push(`${i}: an assistant turn with nothing in it`);
    if (Array.isArray(calls) && calls.length === 0) wrong.push(`${i}: an empty list of calls`);
    for (const call of calls ?? []) {
      if (used.has(call.id)) wrong.push(`${i}: the id ${call.id} is there twice`);
      used.add(call.id);
      open.add(call.id);
      const args = call.function?.arguments;
      if (typeof args === "string" && !isObject(JSON.parse(args)))
        wrong.push(`${i}: arguments that are no object`);
    }
  });
  if (open.size > 0) wrong.push("calls without results at the end");
  return wrong;
}

/** Alternating turns whose calls are answered at the head of the next turn: Anthropic and Bedrock. */
function claude(
  turns: any[],
  { call, result, text }: Record<"call" | "result" | "text", (block: any) => string | undefined>,
): string[] {
  const wrong: string[] = [];
  const used = new Set<string>();
  let open: string[] = [];
  turns.forEach(({ role, content }, i) => {
    const blocks = typeof content === "string" ? [{ type: "text", text: content }] : content;
    if (role !== (i % 2 === 0 ? "user" : "assistant")) wrong.push(`${i}: a turn of the ${role} out of place`);
    if (blocks.length === 0) wrong.push(`${i}: an empty turn`);
    for (const block of blocks) if (text(block)?.trim() === "") wrong.push(`${i}: blank text`);
    const answered = blocks.flatMap((block: any) => result(block) ?? []);
    // "tool_use ids were found without tool_result blocks immediately after"
    if (open.some((id) => !answered.includes(id))) wrong.push(`${i}: calls without results`);
    if (answered.some((id: string) => !open.includes(id))) wrong.push(`${i}: results without calls`);
    if (new Set(answered).size !== answered.length) wrong.push(`${i}: two results of one call`);
    const head = blocks.slice(0, answered.length);
    if (head.some((block: any) => result(block) === undefined))
      wrong.push(`${i}: a result behind other blocks`);
    open = blocks.flatMap((block: any) => call(block) ?? []);
    for (const id of open) {
      if (used.has(id)) wrong.push(`${i}: the id ${id} is there twice`);
      used.add(id);
    }
    const first = blocks.findIndex((block: any) => call(block) !== undefined);
    if (first >= 0 && blocks.slice(first).some((block: any) => text(block) !== undefined))
      wrong.push(`${i}: text behind calls`);
  });
  if (open.length > 0) wrong.push("calls without results at the end");
  const last = turns.at(-1);
  if (last?.role === "assistant") {
    const blocks = typeof last.content === "string" ? [{ type: "text", text: last.content }] : last.content;
    // "final assistant content cannot end with trailing whitespace"
    if (/\s$/.test(text(blocks.at(-1)) ?? "")) wrong.push("white space at the end of a prefill");
  }
  return wrong;
}

/** The order of Mistral's template: https://github.com/mistralai/mistral-common, the validator of requests. */
function mistral(messages: any[]): string[] {
  const wrong = roles(messages);
  const after: Record<string, readonly string[]> = {
    system: ["system", "user", "assistant"],
    user: ["user", "assistant", "system"],
    assistant: ["user", "assistant", "tool"],
    tool: ["assistant", "tool"],
  };
  messages.forEach(({ role }, i) => {
    const before = messages[i - 1]?.role;
    if (before === undefined ? role !== "system" && role !== "user" : after[before]?.includes(role) !== true)
      wrong.push(`${i}: ${role} after ${before}`);
  });
  return wrong;
}

/** https://ai.google.dev/gemini-api/docs/function-calling: as many responses as calls, in the turn that follows them. */
function gemini(contents: any[]): string[] {
  const wrong: string[] = [];
  if (contents[0]?.role !== "user") wrong.push("the first turn is not the user's");
  let open = 0;
  contents.forEach(({ role, parts }, i) => {
    if (parts.length === 0) wrong.push(`${i}: no parts`);
    const calls = parts.filter((part: any) => part.functionCall !== undefined).length;
    const responses = parts.filter((part: any) => part.functionResponse !== undefined).length;
    if (responses !== open) wrong.push(`${i}: ${responses} responses to ${open} calls`);
    if (responses > 0 && role !== "user") wrong.push(`${i}: responses of the ${role}`);
    open = calls;
  });
  if (open > 0) wrong.push("calls without responses at the end");
  return wrong;
}

/** https://platform.openai.com/docs/guides/function-calling: each call has one output, and each output its call. */
function responses(input: any[]): string[] {
  const calls = input.filter(({ type }) => type === "function_call").map(({ call_id: id }) => id);
  const wrong: string[] = [];
  if (new Set(calls).size !== calls.length) wrong.push("an id is there twice");
  const seen = new Set<string>();
  const answered = new Set<string>();
  input.forEach(({ type, call_id: id, role, content }, i) => {
    if (type === "function_call") seen.add(id);
    if (type === "function_call_output") {
      if (!seen.has(id)) wrong.push(`${i}: an output of no call`);
      if (answered.has(id)) wrong.push(`${i}: a second output`);
      answered.add(id);
    }
    if (role !== undefined && Array.isArray(content) && content.length === 0) wrong.push(`${i}: no content`);
  });
  for (const id of calls) if (!answered.has(id)) wrong.push(`no output of ${id}`);
  return wrong;
}

/** The rules of each dialect's own vendor. */
export const ORDER_RULES: Readonly<Record<string, OrderRule>> = {
  "openai-chat": ({ messages }) => roles(messages),
  "openai-responses": ({ input }) => responses(typeof input === "string" ? [] : input),
  "anthropic-messages": ({ messages }) =>
    claude(messages, {
      call: ({ type, id }) => (type === "tool_use" ? id : undefined),
      result: ({ type, tool_use_id: id }) => (type === "tool_result" ? id : undefined),
      text: ({ type, text }) => (type === "text" ? text : undefined),
    }),
  gemini: ({ contents }) => gemini(contents),
  "mistral-chat": ({ messages }) => {
    const { role, prefix } = messages.at(-1);
    // "Expected last role User or Tool (or Assistant with prefix True) for serving but got assistant"
    const last =
      role === "assistant" && prefix !== true ? ["the last turn is the model's and no prefix"] : [];
    const ids = messages.flatMap(({ tool_calls: calls }: any) => calls ?? []).map(({ id }: any) => id);
    const long = ids.filter((id: string) => !/^[a-zA-Z0-9]{9}$/.test(id));
    return [...mistral(messages), ...last, ...long.map((id: string) => `the id ${id}`)];
  },
  "mistral-template": ({ messages }) => mistral(messages),
  "cohere-chat": ({ messages }) => roles(messages),
  "bedrock-converse": ({ messages }) =>
    claude(messages, {
      call: ({ toolUse }) => toolUse?.toolUseId,
      result: ({ toolResult }) => toolResult?.toolUseId,
      text: ({ text }) => text,
    }),
  // The server takes any order; results name their tool: https://docs.ollama.com/capabilities/tool-calling
  "ollama-chat": ({ messages }) =>
    messages.flatMap(({ role, tool_name: name }: any, i: number) =>
      role === "tool" && typeof name !== "string" ? [`${i}: a result without the name of its tool`] : [],
    ),
};
