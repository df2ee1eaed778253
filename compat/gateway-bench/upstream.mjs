// A model provider that answers immediately, in OpenAI's and Anthropic's formats, whole or as a stream. With a model
// "held-N" the stream pauses for N milliseconds after its first content; with a model "paced" each event is sent
// separately.
import { createServer } from "node:http";

const words = Array.from({ length: 40 }, (_, i) => `word${i} `);
const text = words.join("").repeat(3);

const openai = JSON.stringify({
  id: "c1",
  object: "chat.completion",
  created: 1,
  model: "m",
  choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }],
  usage: { prompt_tokens: 10, completion_tokens: 120, total_tokens: 130 },
});
const anthropic = JSON.stringify({
  id: "m1",
  type: "message",
  role: "assistant",
  model: "m",
  content: [{ type: "text", text }],
  stop_reason: "end_turn",
  stop_sequence: null,
  usage: { input_tokens: 10, output_tokens: 120 },
});
const chunk = (delta, finish = null) =>
  `data: ${JSON.stringify({ id: "c1", object: "chat.completion.chunk", created: 1, model: "m", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
const head = chunk({ role: "assistant", content: "" }) + chunk({ content: "first " });
const rest = `${words.map((content) => chunk({ content })).join("")}${chunk({}, "stop")}data: [DONE]\n\n`;

const event = (data) => `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
const delta = (content) =>
  event({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text: content } });
const usage = { input_tokens: 10, output_tokens: 1 };
const message = {
  id: "m1",
  type: "message",
  role: "assistant",
  model: "m",
  content: [],
  stop_reason: null,
  usage,
};
const anthropicHead =
  event({ type: "message_start", message }) +
  event({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }) +
  delta("first ");
const anthropicRest =
  words.map(delta).join("") +
  event({ type: "content_block_stop", index: 0 }) +
  event({ type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 120 } }) +
  event({ type: "message_stop" });

/** Sends the events of a stream one by one, so that each is read separately, as those of a model are. */
function pace(response, events) {
  const pieces = events.split("\n\n").slice(0, -1);
  const next = () => {
    const piece = `${pieces.shift()}\n\n`;
    if (pieces.length === 0) response.end(piece);
    else {
      response.write(piece);
      setTimeout(next, 1);
    }
  };
  next();
}

const server = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8");
  request.on("data", (data) => (body += data));
  request.on("end", () => {
    const isAnthropic = request.url.startsWith("/v1/messages");
    if (!/"stream":\s*true/.test(body)) {
      const reply = isAnthropic ? anthropic : openai;
      response.writeHead(200, {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(reply),
      });
      response.end(reply);
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(isAnthropic ? anthropicHead : head);
    const held = Number(/"held-(\d+)"/.exec(body)?.[1] ?? 0);
    const last = isAnthropic ? anthropicRest : rest;
    if (/"paced"/.test(body)) pace(response, last);
    else if (held === 0) response.end(last);
    else {
      const timer = setTimeout(() => response.end(last), held);
      response.on("close", () => clearTimeout(timer));
    }
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => process.send?.(server.address().port));
