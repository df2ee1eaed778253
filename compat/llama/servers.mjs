// Servers of the tiny model: llama.cpp's own llama-server if there is one, else a small server over node-llama-cpp.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** The path of a llama-server: LLAMA_SERVER, or the one that build-server.mjs has built; undefined if there is none. */
export function llamaServer() {
  const built = fileURLToPath(new URL("./build/cmake/bin/llama-server", import.meta.url));
  return process.env.LLAMA_SERVER ?? (existsSync(built) ? built : undefined);
}

async function freePort() {
  const server = createTcpServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts llama-server and waits until it has loaded the model. */
export async function startLlamaServer(binary, modelPath) {
  const port = await freePort();
  const options = {
    "--model": modelPath,
    "--host": "127.0.0.1",
    "--port": port,
    "--threads": 1,
    "--ctx-size": 4096,
  };
  const child = spawn(
    binary,
    [
      ...Object.entries(options).flatMap(([name, value]) => [name, String(value)]),
      "--jinja",
      "--no-warmup",
      "--offline",
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let log = "";
  child.stderr.on("data", (data) => {
    log = (log + data).slice(-4_000);
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries += 1) {
    const ready = await fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) break;
    if (tries > 600 || child.exitCode !== null) {
      child.kill();
      throw new Error(`llama-server did not start:\n${log}`);
    }
    await wait(100);
  }
  return {
    name: "llama-server",
    baseUrl: `${url}/v1`,
    async close() {
      child.kill();
      await ended;
    },
  };
}

/** A conversation in the form of node-llama-cpp. */
function historyOf(messages) {
  return messages.map(({ role, content }) => {
    const text = typeof content === "string" ? content : JSON.stringify(content ?? "");
    if (role === "assistant") return { type: "model", response: [text] };
    return { type: role === "system" ? "system" : "user", text };
  });
}

/** The schema that an answer must follow: that of the response format, or of a call of one of the tools. */
function schemaOf({ response_format: format, tools, tool_choice: choice }) {
  if (format?.type === "json_schema") return format.json_schema.schema;
  if (choice !== "required" || tools === undefined) return undefined;
  return {
    oneOf: tools.map(({ function: { name, parameters } }) => ({
      type: "object",
      properties: { name: { const: name }, arguments: parameters },
    })),
  };
}

/**
 * Serves chat completions of a model that node-llama-cpp runs, one request at a time. Like llama-server, it announces
 * in every reply that the connection stays open, and then closes it.
 */
export async function startOwnServer(modelPath) {
  const { getLlama, LlamaChat, LlamaLogLevel } = await import("node-llama-cpp");
  const llama = await getLlama({ gpu: false, build: "never", maxThreads: 1, logLevel: LlamaLogLevel.error });
  const model = await llama.loadModel({ modelPath });
  const context = await model.createContext({ contextSize: 4096, threads: 1 });
  let queue = Promise.resolve();

  async function generate(body, signal, onTextChunk) {
    const chat = new LlamaChat({ contextSequence: context.getSequence() });
    try {
      const schema = schemaOf(body);
      const grammar = schema === undefined ? undefined : await llama.createGrammarForJsonSchema(schema);
      const { response, metadata } = await chat.generateResponse(historyOf(body.messages), {
        grammar,
        signal,
        onTextChunk,
        maxTokens: body.max_tokens ?? 400,
        temperature: body.temperature ?? 0.8,
        ...(body.seed !== undefined && { seed: body.seed }),
      });
      return { text: response, finish: metadata.stopReason === "maxTokens" ? "length" : "stop" };
    } finally {
      chat.sequence.dispose();
      chat.dispose();
    }
  }

  async function answer(request, response) {
    let text = "";
    for await (const chunk of request) text += chunk;
    const body = JSON.parse(text);
    const left = new AbortController();
    response.once("close", () => left.abort());
    response.setHeader("keep-alive", "timeout=5, max=100");
    response.once("finish", () => setTimeout(() => request.socket.destroySoon(), 1));
    const head = { id: "own", created: 0, model: "tiny" };
    const called = body.tool_choice === "required";
    const write = (delta, finish_reason = null) =>
      response.write(
        `data: ${JSON.stringify({ ...head, object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason }] })}\n\n`,
      );
    if (body.stream) response.writeHead(200, { "content-type": "text/event-stream" });
    const pass = body.stream && !called ? (content) => write({ content }) : undefined;
    const { text: content, finish } = await generate(body, left.signal, pass);
    const call = called ? JSON.parse(content) : undefined;
    const tool_calls = call && [
      {
        index: 0,
        id: "c1",
        type: "function",
        function: { name: call.name, arguments: JSON.stringify(call.arguments) },
      },
    ];
    const reason = called ? "tool_calls" : finish;
    const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
    if (!body.stream) {
      response.setHeader("content-type", "application/json");
      const message = { role: "assistant", content: called ? null : content, tool_calls };
      response.end(
        JSON.stringify({
          ...head,
          object: "chat.completion",
          choices: [{ index: 0, message, finish_reason: reason }],
          usage,
        }),
      );
      return;
    }
    if (called) write({ tool_calls });
    write({}, reason);
    response.end("data: [DONE]\n\n");
  }

  const server = createServer((request, response) => {
    queue = queue
      .then(() => answer(request, response))
      .catch((error) => {
        if (response.headersSent) return response.destroy();
        response.writeHead(500, { "content-type": "application/json" });
        response.end(JSON.stringify({ error: { message: String(error), type: "server_error", code: 500 } }));
      });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    name: "node-llama-cpp",
    baseUrl: `http://127.0.0.1:${server.address().port}/v1`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await queue;
      await llama.dispose();
    },
  };
}
