// Google's SDK.
import { readFileSync } from "node:fs";
import { GoogleGenAI } from "@google/genai";

const manifest = import.meta.resolve("@google/genai").replace(/(.*@google\/genai\/).*/, "$1package.json");
const version = JSON.parse(readFileSync(new URL(manifest), "utf8")).version.split(".")[0];

function plain(base) {
  const client = new GoogleGenAI({
    apiKey: "k",
    httpOptions: { baseUrl: base, retryOptions: { attempts: 1 } },
  });
  const bodyOf = ({ prompt, schema, image, reasoning, tools, signal }) => ({
    model: "m",
    contents: [
      {
        role: "user",
        parts: [{ text: prompt }, ...(image ? [{ inlineData: { mimeType: "image/png", data: image } }] : [])],
      },
    ],
    config: {
      abortSignal: signal,
      ...(schema && { responseMimeType: "application/json", responseJsonSchema: schema }),
      ...(reasoning && { thinkingConfig: { includeThoughts: true, thinkingBudget: 2_000 } }),
      ...(tools && {
        tools: [
          {
            functionDeclarations: tools.map(({ name, description, parameters }) => ({
              name,
              description,
              parametersJsonSchema: parameters,
            })),
          },
        ],
      }),
    },
  });
  /** The content of an answer, and what else it says. */
  const run = async (body, stream, onText) => {
    if (!stream) {
      const reply = await client.models.generateContent(body);
      return { parts: reply.candidates?.[0]?.content?.parts ?? [], last: reply };
    }
    const parts = [];
    let last;
    let usage;
    let grounding;
    for await (const chunk of await client.models.generateContentStream(body)) {
      parts.push(...(chunk.candidates?.[0]?.content?.parts ?? []));
      usage = chunk.usageMetadata ?? usage;
      grounding = chunk.candidates?.[0]?.groundingMetadata ?? grounding;
      last = chunk;
      if (chunk.text) onText?.();
    }
    if (last?.candidates?.[0]?.finishReason === undefined && last?.promptFeedback === undefined)
      throw new Error("no finish reason");
    last.usageMetadata = usage;
    if (grounding) last.candidates[0].groundingMetadata = grounding;
    return { parts, last };
  };
  const resultOf = ({ parts, last }) => {
    const text = parts
      .filter(({ thought }) => !thought)
      .map((one) => one.text ?? "")
      .join("");
    const candidate = last.candidates?.[0];
    const usage = last.usageMetadata;
    let object;
    try {
      object = JSON.parse(text);
    } catch {}
    return {
      text,
      object,
      reasoning:
        parts
          .filter(({ thought }) => thought)
          .map((one) => one.text)
          .join("") || undefined,
      sources: (candidate?.groundingMetadata?.groundingChunks ?? []).map(({ web }) => web.uri),
      refused:
        ["SAFETY", "PROHIBITED_CONTENT", "OTHER"].includes(candidate?.finishReason) ||
        last.promptFeedback !== undefined,
      usage: usage && {
        input: usage.promptTokenCount,
        output: usage.candidatesTokenCount + (usage.thoughtsTokenCount ?? 0),
      },
    };
  };
  return {
    client,
    bodyOf,
    resultOf,
    ask: async (asked) => resultOf(await run(bodyOf(asked), asked.stream, asked.onText)),
    async loop({ prompt, tools, stream }) {
      const body = bodyOf({ prompt, tools });
      for (let turn = 0; turn < 5; turn++) {
        const answer = await run(body, stream);
        const calls = answer.parts.filter(({ functionCall }) => functionCall);
        if (calls.length === 0) return resultOf(answer);
        body.contents.push({ role: "model", parts: answer.parts });
        body.contents.push({
          role: "user",
          parts: calls.map(({ functionCall: { id, name, args } }) => ({
            functionResponse: {
              id,
              name,
              response: { output: tools.find((tool) => tool.name === name).run(args) },
            },
          })),
        });
      }
      throw new Error("no end");
    },
  };
}

/** A chat, which keeps its history itself. */
function chat(base) {
  const { client, ask, bodyOf } = plain(base);
  return {
    ask,
    async loop({ prompt, tools, stream }) {
      const { config } = bodyOf({ prompt, tools });
      const chat = client.chats.create({ model: "m", config });
      let message = prompt;
      for (let turn = 0; turn < 5; turn++) {
        let calls = [];
        let text = "";
        if (stream)
          for await (const chunk of await chat.sendMessageStream({ message })) {
            calls.push(...(chunk.functionCalls ?? []));
            text += chunk.text ?? "";
          }
        else {
          const reply = await chat.sendMessage({ message });
          calls = reply.functionCalls ?? [];
          text = reply.text ?? "";
        }
        if (calls.length === 0) return { text };
        message = calls.map(({ id, name, args }) => ({
          functionResponse: {
            id,
            name,
            response: { output: tools.find((tool) => tool.name === name).run(args) },
          },
        }));
      }
      throw new Error("no end");
    },
  };
}

export const clients = [
  { name: `@google/genai ${version}`, dialect: "gemini", make: plain },
  { name: `@google/genai ${version}, chat`, dialect: "gemini", make: chat },
];
