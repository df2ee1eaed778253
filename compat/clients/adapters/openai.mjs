// OpenAI's SDK: chat completions, responses, and its helpers.
import OpenAI from "openai";

const sdk = (base) => new OpenAI({ apiKey: "k", baseURL: `${base}/v1`, maxRetries: 0 });
const version = (await import("openai/version")).VERSION.split(".")[0];
const functionOf = ({ name, description, parameters }) => ({
  type: "function",
  function: { name, description, parameters },
});

function chatBody({ prompt, schema, image, reasoning, tools }) {
  const content =
    image === undefined
      ? prompt
      : [
          { type: "text", text: prompt },
          { type: "image_url", image_url: { url: `data:image/png;base64,${image}` } },
        ];
  return {
    model: "m",
    messages: [{ role: "user", content }],
    ...(tools && { tools: tools.map(functionOf) }),
    ...(schema && {
      response_format: { type: "json_schema", json_schema: { name: "answer", schema, strict: true } },
    }),
    ...(reasoning && { reasoning_effort: "high" }),
  };
}

const usageOf = (usage) => usage && { input: usage.prompt_tokens, output: usage.completion_tokens };
const urls = (annotations = []) => annotations.map(({ url_citation }) => url_citation.url);

function messageResult(message, finish, usage) {
  return {
    text: message.content ?? "",
    object: parse(message.content),
    reasoning: message.reasoning_content ?? message.reasoning,
    sources: urls(message.annotations),
    refused: message.refusal != null || finish === "content_filter",
    usage: usageOf(usage),
  };
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function chat(base) {
  const client = sdk(base);
  const ask = async (asked) => {
    const options = { signal: asked.signal };
    if (!asked.stream) {
      const { choices, usage } = await client.chat.completions.create(chatBody(asked), options);
      return messageResult(choices[0].message, choices[0].finish_reason, usage);
    }
    const body = { ...chatBody(asked), stream: true, stream_options: { include_usage: true } };
    const message = { content: "", annotations: [] };
    let finish;
    let usage;
    for await (const chunk of await client.chat.completions.create(body, options)) {
      usage = chunk.usage ?? usage;
      const [choice] = chunk.choices;
      if (choice === undefined) continue;
      finish = choice.finish_reason ?? finish;
      const { content, reasoning_content, refusal, annotations } = choice.delta;
      if (content) {
        message.content += content;
        asked.onText?.();
      }
      if (reasoning_content)
        message.reasoning_content = (message.reasoning_content ?? "") + reasoning_content;
      if (refusal) message.refusal = (message.refusal ?? "") + refusal;
      if (annotations) message.annotations.push(...annotations);
    }
    if (asked.signal?.aborted !== true && finish === undefined) throw new Error("no finish reason");
    return messageResult(message, finish, usage);
  };
  const loop = async ({ prompt, tools, stream }) => {
    const messages = [{ role: "user", content: prompt }];
    for (let turn = 0; turn < 5; turn++) {
      const body = { model: "m", messages, tools: tools.map(functionOf) };
      const message = stream
        ? await client.chat.completions.stream(body).finalMessage()
        : (await client.chat.completions.create(body)).choices[0].message;
      if (!message.tool_calls?.length) return { text: message.content };
      messages.push(message);
      for (const call of message.tool_calls) {
        const tool = tools.find(({ name }) => name === call.function.name);
        messages.push({
          role: "tool",
          tool_call_id: call.id,
          content: tool.run(JSON.parse(call.function.arguments)),
        });
      }
    }
    throw new Error("no end");
  };
  return { ask, loop };
}

/** The helpers: a stream with accumulated snapshots, parsing, a runner of tools. */
function helpers(base) {
  const client = sdk(base);
  const plain = chat(base);
  return {
    async ask(asked) {
      if (asked.schema) {
        const { choices } = await client.chat.completions.parse(chatBody(asked));
        return { ...messageResult(choices[0].message), object: choices[0].message.parsed };
      }
      if (!asked.stream) return plain.ask(asked);
      const body = { ...chatBody(asked), stream_options: { include_usage: true } };
      const stream = client.chat.completions.stream(body, { signal: asked.signal });
      if (asked.onText) stream.on("content", () => asked.onText());
      const { choices, usage } = await stream.finalChatCompletion();
      return messageResult(choices[0].message, choices[0].finish_reason, usage);
    },
    async loop({ prompt, tools, stream }) {
      const runner = client.chat.completions.runTools({
        model: "m",
        stream,
        messages: [{ role: "user", content: prompt }],
        tools: tools.map(({ run, parameters, ...tool }) => ({
          type: "function",
          function: { ...tool, parameters, function: run, parse: JSON.parse },
        })),
      });
      return { text: await runner.finalContent() };
    },
  };
}

function responsesBody({ prompt, schema, image, reasoning, tools }, stored) {
  const content =
    image === undefined
      ? prompt
      : [
          { type: "input_text", text: prompt },
          { type: "input_image", detail: "auto", image_url: `data:image/png;base64,${image}` },
        ];
  return {
    model: "m",
    input: [{ role: "user", content }],
    ...(stored ? {} : { store: false }),
    ...(tools && {
      tools: tools.map(({ name, description, parameters }) => ({
        type: "function",
        name,
        description,
        parameters,
        strict: true,
      })),
    }),
    ...(schema && { text: { format: { type: "json_schema", name: "answer", schema, strict: true } } }),
    ...(reasoning && {
      reasoning: { effort: "high", summary: "auto" },
      ...(stored ? {} : { include: ["reasoning.encrypted_content"] }),
    }),
  };
}

function responseResult(response) {
  const parts = response.output.filter(({ type }) => type === "message").flatMap(({ content }) => content);
  return {
    text: response.output_text ?? parts.map(({ text = "" }) => text).join(""),
    object: parse(response.output_text),
    reasoning:
      response.output
        .filter(({ type }) => type === "reasoning")
        .flatMap(({ summary, content = [] }) => [...summary, ...content].map(({ text }) => text))
        .join("") || undefined,
    sources: parts.flatMap(({ annotations = [] }) => annotations.map(({ url }) => url)),
    refused:
      parts.some(({ type }) => type === "refusal") ||
      response.incomplete_details?.reason === "content_filter",
    usage: response.usage && { input: response.usage.input_tokens, output: response.usage.output_tokens },
  };
}

/** @param stored the server stores the conversation, and a turn continues from the id of the answer before it */
function responses(base, stored = false) {
  const client = sdk(base);
  const run = async (body, stream, { signal, onText } = {}) => {
    if (!stream) return client.responses.create(body, { signal });
    const events = client.responses.stream(body, { signal });
    for await (const event of events) {
      if (event.type === "response.output_text.delta") onText?.();
      if (event.type === "error" || event.type === "response.failed") throw new Error(JSON.stringify(event));
    }
    return events.finalResponse();
  };
  return {
    async ask(asked) {
      if (asked.schema) {
        const parsed = await client.responses.parse(responsesBody(asked, stored));
        return { ...responseResult(parsed), object: parsed.output_parsed };
      }
      return responseResult(await run(responsesBody(asked, stored), asked.stream, asked));
    },
    async loop({ prompt, tools, stream }) {
      const body = responsesBody({ prompt, tools }, stored);
      for (let turn = 0; turn < 5; turn++) {
        const response = await run(body, stream);
        const calls = response.output.filter(({ type }) => type === "function_call");
        if (calls.length === 0) return { text: response.output_text };
        if (stored) {
          body.previous_response_id = response.id;
          body.input = [];
        } else body.input.push(...response.output);
        for (const { call_id, name, arguments: given } of calls) {
          const tool = tools.find((one) => one.name === name);
          body.input.push({ type: "function_call_output", call_id, output: tool.run(JSON.parse(given)) });
        }
      }
      throw new Error("no end");
    },
  };
}

export const clients = [
  { name: `openai ${version}, chat`, dialect: "openai-chat", make: chat },
  {
    name: `openai ${version}, chat helpers`,
    dialect: "openai-chat",
    make: helpers,
    lacks: {
      reasoning: "the stream helper keeps only the last piece of fields that OpenAI does not document",
    },
  },
  { name: `openai ${version}, responses`, dialect: "openai-responses", make: (base) => responses(base) },
  {
    name: `openai ${version}, responses, stored`,
    dialect: "openai-responses",
    make: (base) => responses(base, true),
  },
];
