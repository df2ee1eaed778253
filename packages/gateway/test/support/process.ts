import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A gateway in a process of its own. */
export class GatewayProcess {
  output = "";

  private constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (chunk) => {
        this.output += chunk;
      });
  }

  /**
   * Starts one, and waits until it listens.
   * @param home the folder of the installed package
   */
  static async start(
    home: string,
    file: string,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<GatewayProcess> {
    const command = [join(home, "bin/ai-lib-gateway.js"), "--config", file, "--no-watch"];
    const { PATH = "", HOME = "" } = process.env;
    const env = { PATH, HOME, ...environment };
    const gateway = new GatewayProcess(spawn(process.execPath, command, { env, stdio: "pipe" }));
    for (let i = 0; i < 1_500 && gateway.runs; i++) {
      if (/listens on \S+\n/.test(gateway.output)) return gateway;
      await sleep(20);
    }
    throw new Error(`The gateway does not start: ${gateway.output}`);
  }

  get url(): string {
    return /listens on (http\S+)/.exec(this.output)?.[1] ?? "";
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get runs(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** @returns the exit code */
  async end(signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
    if (!this.runs) return this.child.exitCode;
    const ended = once(this.child, "exit");
    this.child.kill(signal);
    await ended;
    return this.child.exitCode;
  }
}

/** A provider in the dialect of OpenAI's chats, whose answers have 1,000 tokens in and 100 out. */
export async function startUpstream(): Promise<Server & { readonly url: string }> {
  const body = JSON.stringify({
    ...{ id: "c", object: "chat.completion", created: 1, model: "gpt-5" },
    choices: [{ index: 0, message: { role: "assistant", content: "pong" }, finish_reason: "stop" }],
    usage: { prompt_tokens: 1_000, completion_tokens: 100, total_tokens: 1_100 },
  });
  const server = createServer((request, response) => {
    request
      .resume()
      .on("end", () => response.writeHead(200, { "content-type": "application/json" }).end(body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return Object.assign(server, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}
