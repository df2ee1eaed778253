// The AWS SDK for Bedrock.
import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
} from "@aws-sdk/client-bedrock-runtime";
import { NodeHttpHandler } from "@smithy/node-http-handler";

function plain(base) {
  const client = new BedrockRuntimeClient({
    region: "us-east-1",
    endpoint: base,
    // Requests are signed, each with a different signature.
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler(),
  });
  const bodyOf = ({ prompt, schema, image, reasoning }) => ({
    modelId: "m",
    messages: [
      {
        role: "user",
        content: [
          { text: prompt },
          ...(image ? [{ image: { format: "png", source: { bytes: Buffer.from(image, "base64") } } }] : []),
        ],
      },
    ],
    ...(schema && {
      outputConfig: {
        textFormat: {
          type: "json_schema",
          structure: { jsonSchema: { name: "answer", schema: JSON.stringify(schema) } },
        },
      },
    }),
    ...(reasoning && {
      additionalModelRequestFields: { thinking: { type: "enabled", budget_tokens: 2_000 } },
    }),
  });
  const run = async (body, stream, { signal, onText } = {}) => {
    const options = { abortSignal: signal };
    if (!stream) {
      const { output, stopReason, usage } = await client.send(new ConverseCommand(body), options);
      return { message: output.message, stopReason, usage };
    }
    const reply = await client.send(new ConverseStreamCommand(body), options);
    const message = { role: "assistant", content: [] };
    const inputs = [];
    let stopReason;
    let usage;
    for await (const { contentBlockStart, contentBlockDelta, messageStop, metadata } of reply.stream) {
      if (contentBlockStart)
        message.content[contentBlockStart.contentBlockIndex] = { ...contentBlockStart.start };
      if (contentBlockDelta) {
        const { contentBlockIndex: at, delta } = contentBlockDelta;
        message.content[at] ??= {};
        const block = message.content[at];
        if (delta.text !== undefined) {
          block.text = (block.text ?? "") + delta.text;
          onText?.();
        } else if (delta.toolUse) inputs[at] = (inputs[at] ?? "") + delta.toolUse.input;
        else if (delta.citation) {
          block.citations ??= [];
          block.citations.push(delta.citation);
        } else if (delta.reasoningContent) {
          block.reasoningContent ??= { reasoningText: { text: "" } };
          const { text, signature } = delta.reasoningContent;
          if (text !== undefined) block.reasoningContent.reasoningText.text += text;
          if (signature !== undefined) block.reasoningContent.reasoningText.signature = signature;
        }
      }
      stopReason = messageStop?.stopReason ?? stopReason;
      usage = metadata?.usage ?? usage;
    }
    if (stopReason === undefined) throw new Error("no end");
    for (const [at, input] of inputs.entries())
      if (input !== undefined) message.content[at].toolUse.input = JSON.parse(input || "{}");
    return { message: { ...message, content: message.content.filter(Boolean) }, stopReason, usage };
  };
  const resultOf = ({ message, stopReason, usage }) => {
    const cited = message.content.flatMap(({ citationsContent }) => citationsContent?.content ?? []);
    const text = [...message.content, ...cited].map((block) => block.text ?? "").join("");
    const citations = message.content.flatMap(
      ({ citations: own, citationsContent }) => own ?? citationsContent?.citations ?? [],
    );
    let object;
    try {
      object = JSON.parse(text);
    } catch {}
    return {
      text,
      object,
      reasoning: message.content.find(({ reasoningContent }) => reasoningContent)?.reasoningContent
        .reasoningText?.text,
      sources: citations.map(({ location }) => location?.web?.url),
      refused: stopReason === "content_filtered" || stopReason === "guardrail_intervened",
      usage: usage && {
        input: usage.inputTokens + (usage.cacheReadInputTokens ?? 0),
        output: usage.outputTokens,
      },
    };
  };
  return {
    ask: async (asked) => resultOf(await run(bodyOf(asked), asked.stream, asked)),
    async loop({ prompt, tools, stream }) {
      const body = bodyOf({ prompt });
      body.toolConfig = {
        tools: tools.map(({ name, description, parameters }) => ({
          toolSpec: { name, description, inputSchema: { json: parameters } },
        })),
      };
      for (let turn = 0; turn < 5; turn++) {
        const answer = await run(body, stream);
        const calls = answer.message.content.filter(({ toolUse }) => toolUse);
        if (calls.length === 0) return resultOf(answer);
        body.messages.push(answer.message);
        body.messages.push({
          role: "user",
          content: calls.map(({ toolUse: { toolUseId, name, input } }) => ({
            toolResult: {
              toolUseId,
              content: [{ text: tools.find((tool) => tool.name === name).run(input) }],
            },
          })),
        });
      }
      throw new Error("no end");
    },
  };
}

export const clients = [
  { name: "@aws-sdk/client-bedrock-runtime 3", dialect: "bedrock-converse", make: plain },
];
