import { AiLibError, type HeaderFields, type Transport, type TransportRequest } from "ai-lib";
import { redactor } from "ai-lib/logs";
import type { Io } from "./io.js";
import { tryParse } from "./json.js";

/** Headers that carry credentials. */
const SECRET_HEADERS = /^(authorization|x-api-key|api-key|x-goog-api-key|cookie|x-amz-security-token)$/;

/** A transport that prints the requests of a call in place of sending them. */
export class DryRun implements Transport {
  private count = 0;

  constructor(private readonly io: Io) {}

  open(request: TransportRequest, sink: Parameters<Transport["open"]>[1]): ReturnType<Transport["open"]> {
    this.count++;
    this.io.stdout.write(`${formatRequest(request)}\n`);
    queueMicrotask(() =>
      sink.fail(
        new AiLibError({
          code: "CANCELLED",
          message: "--dry-run: the request was printed, and not sent",
          local: true,
        }),
      ),
    );
    return { pause() {}, resume() {}, abort() {} };
  }

  /** Whether a request was printed. */
  get printed(): boolean {
    return this.count > 0;
  }
}

function formatRequest({ method, url, headers, body }: TransportRequest): string {
  const lines = [`${method} ${redactor()(url)}`, ...formatHeaders(headers), ""];
  if (typeof body === "string") lines.push(JSON.stringify(tryParse(body) ?? body, null, 2));
  else if (body instanceof Uint8Array) lines.push(`(${body.length} bytes)`);
  return lines.join("\n");
}

function formatHeaders(headers: HeaderFields): string[] {
  return Object.entries(headers).map(
    ([name, value]) => `${name}: ${SECRET_HEADERS.test(name) ? "(hidden)" : redactor()(value)}`,
  );
}
