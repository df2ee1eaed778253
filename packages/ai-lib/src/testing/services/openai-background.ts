import {
  jsonReply,
  refused,
  type ServiceHead,
  type ServiceReply,
  type ServiceRequest,
  type SimulatedService,
} from "./service.js";
import type { SimulatedRuns } from "./simulated-runs.js";

const PATH = /\/responses\/([^/]{1,200})(\/cancel)?$/;

/** Questions about responses that run in the background: https://platform.openai.com/docs/guides/background */
export class OpenAiBackground implements SimulatedService {
  constructor(private readonly runsOf: (endpoint: string) => SimulatedRuns) {}

  serves({ path, method }: ServiceHead): "openai-responses" | undefined {
    const [found, , cancel] = PATH.exec(path) ?? [];
    const isOurs = method === "GET" ? cancel === undefined : method === "POST" && cancel !== undefined;
    return found !== undefined && isOurs ? "openai-responses" : undefined;
  }

  answer({ path, endpoint, query }: ServiceRequest): ServiceReply {
    const [, segment = "", cancel] = PATH.exec(path) ?? [];
    const id = decodeURIComponent(segment);
    const runs = this.runsOf(endpoint);
    if (cancel !== undefined) return jsonReply(runs.cancel(id));
    if (query["stream"] !== "true") return jsonReply(runs.ask(id));
    const after = Number(query["starting_after"] ?? -1);
    if (!Number.isInteger(after)) throw refused(400, "Invalid 'starting_after': it must be an integer");
    const body = runs
      .follow(id, after)
      .map(({ event, data }) => `event: ${event ?? "message"}\ndata: ${data}\n\n`)
      .join("");
    return { status: 200, headers: { "content-type": "text/event-stream" }, body };
  }
}
