import type { Call } from "../../core/contract/call.js";
import { abortFlow } from "../../core/contract/flows.js";
import type { Flow } from "../../core/contract/sink.js";
import type { HttpReply, HttpRequest } from "../../core/contract/transport.js";
import type { FetchedFile, KindLaws } from "../../core/kinds/laws.js";
import type { ReplyOf } from "../../core/values/kinds.js";
import type { PieceRun } from "./pieces.js";
import { stepCodec } from "./step-codec.js";

/** The request for a file at an address from a reply, without the key. */
export function fileRequest(url: string): HttpRequest {
  return { method: "GET", path: "/", url, keyless: true, headers: {} };
}

/** A file from a reply; undefined for a reply that is not a file. */
export function fileOf({ body, encoding, headers }: HttpReply): FetchedFile | undefined {
  if (encoding !== "base64" || body === "") return undefined;
  const [mediaType = ""] = (headers["content-type"] ?? "").split(";");
  return { data: body, mediaType: mediaType.trim().toLowerCase() };
}

const FILE = stepCodec(fileOf);

/**
 * An attempt that fetches the files of its reply before it ends: the run that the exchange reports to, and the flow
 * that stops both.
 * @param open sends the request for a file
 */
export function withDownloads(
  call: Call,
  run: PieceRun,
  exchange: (run: PieceRun) => Flow,
  open: (http: HttpRequest, codec: typeof FILE, run: PieceRun) => Flow,
): Flow {
  const laws = call.laws as unknown as KindLaws;
  if (laws.wantsFiles?.(call.request) !== true) return exchange(run);
  const running = new Set<Flow>();
  let over = false;

  const fetchAll = (reply: ReplyOf, urls: readonly string[]): void => {
    const files: (FetchedFile | undefined)[] = urls.map(() => undefined);
    let left = urls.length;
    urls.forEach((url, i) => {
      let settled = false;
      let flow: Flow | undefined;
      const settle = (file: FetchedFile | undefined): void => {
        if (settled || over) return;
        settled = true;
        if (flow !== undefined) running.delete(flow);
        files[i] = file;
        if (--left === 0) run.reply(laws.withFiles?.(reply, files) ?? reply);
      };
      try {
        flow = open(
          fileRequest(url),
          FILE,
          fileRun(run, () => settled || over, settle),
        );
        if (!settled) running.add(flow);
      } catch {
        // The address is malformed or not encrypted: the picture keeps its URL.
        queueMicrotask(() => settle(undefined));
      }
    });
  };

  const flow = exchange(
    wrapped(run, (reply) => {
      const urls = laws.files?.(reply) ?? [];
      if (urls.length === 0) run.reply(reply);
      else fetchAll(reply, urls);
    }),
  );
  return {
    pause: () => flow.pause(),
    resume: () => flow.resume(),
    abort(reason) {
      over = true;
      for (const one of running) abortFlow(one, reason);
      return flow.abort(reason);
    },
  };
}

/** A run with another end: all else goes to the attempt. */
function wrapped(run: PieceRun, reply: (reply: ReplyOf) => void): PieceRun {
  return {
    get over() {
      return run.over;
    },
    get size() {
      return run.size;
    },
    set rateLimits(limits: PieceRun["rateLimits"]) {
      run.rateLimits = limits;
    },
    set secrets(secrets: PieceRun["secrets"]) {
      run.secrets = secrets;
    },
    set raw(raw: unknown) {
      run.raw = raw;
    },
    touch: () => run.touch(),
    replied: (requestId, headers) => run.replied(requestId, headers),
    warn: (warning) => run.warn(warning),
    reply,
    event: (event) => run.event?.(event),
    finish: (end) => run.finish?.(end),
    fail: (error) => run.fail(error),
  };
}

/** The run of one file. Neither its head nor its failure is the call's. */
function fileRun(
  run: PieceRun,
  over: () => boolean,
  settle: (file: FetchedFile | undefined) => void,
): PieceRun {
  return {
    get over() {
      return over();
    },
    size: 0,
    rateLimits: undefined,
    secrets: undefined,
    raw: undefined,
    touch: () => run.touch(),
    replied() {},
    warn() {},
    reply: (file) => settle(file as unknown as FetchedFile | undefined),
    fail: () => settle(undefined),
  };
}
