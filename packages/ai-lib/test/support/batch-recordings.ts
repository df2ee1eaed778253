import { existsSync, readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { bodyOf, type KindCase, type KindRecording, kindCases } from "./kind-recordings.js";
import { type Loopback, serveHttp } from "./loopback.js";

/** The APIs of batches of which there are recordings. */
export const BATCH_RECORDINGS = [
  "openai-batch",
  "openai-batch-output",
  "anthropic-batch",
  "anthropic-batch-results",
  "gemini-batch",
  "mistral-batch",
  "xai-batch",
] as const;

/** Everything recorded of batches, with the uploads that belong to their sessions. */
export function batchCases(): KindCase[] {
  return [...BATCH_RECORDINGS, "openai-files"].flatMap(kindCases);
}

/** Exchanges of one conversation, in order, by the name of the session. */
export function batchSessions(): ReadonlyMap<string, readonly KindCase[]> {
  const sessions = new Map<string, (KindCase & { readonly at: number })[]>();
  for (const each of batchCases()) {
    const place = placeOf(each.recording);
    if (place === undefined) continue;
    sessions.set(place.session, [...(sessions.get(place.session) ?? []), { ...each, at: place.at }]);
  }
  const found = [...sessions].filter(([, cases]) =>
    cases.some(({ recording }) => recording.kind === "batch"),
  );
  return new Map(found.map(([name, cases]) => [name, cases.sort((a, b) => a.at - b.at)]));
}

const places = new Map<string, { readonly session: string; readonly at: number }>();

/** The session that an exchange belongs to. */
function placeOf({
  id,
  folder,
}: KindRecording): { readonly session: string; readonly at: number } | undefined {
  const index = join(folder, "INDEX.jsonl");
  if (places.size === 0 && existsSync(index))
    for (const line of readFileSync(index, "utf8").split("\n")) {
      if (line === "") continue;
      const { id: name, session, sessionIndex } = JSON.parse(line);
      if (session !== undefined) places.set(name, { session, at: sessionIndex });
    }
  return places.get(id);
}

/** A server that answers with recorded exchanges, each once and in order. */
export interface RecordedServer extends Loopback {
  /** Numbers of the exchanges that were answered, in the order of the requests. */
  readonly played: readonly number[];
  /** Bodies of the requests, in order. */
  readonly bodies: readonly string[];
}

/**
 * Serves exchanges. A request gets the next one of its method and path.
 * @param rewrite changes an answer: a vendor repeats the keys that it was sent
 * @param rest answers what was not recorded
 */
export async function serveRecorded(
  cases: readonly KindCase[],
  rewrite: (body: string, bodies: readonly string[]) => string,
  rest: (request: IncomingMessage) => unknown = () => undefined,
): Promise<RecordedServer> {
  const played: number[] = [];
  const bodies: string[] = [];
  const server = await serveHttp((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      bodies.push(Buffer.concat(chunks).toString("utf8"));
      const path = pathOf(request.url ?? "");
      const at = cases.findIndex(
        ({ recording: { request: recorded } }, i) =>
          !played.includes(i) && recorded?.method === request.method && pathOf(recorded?.path ?? "") === path,
      );
      const found = cases[at];
      if (found === undefined) {
        const made = rest(request);
        response.statusCode = made === undefined ? 404 : 200;
        response.setHeader("content-type", "application/json");
        response.end(
          typeof made === "string" ? made : JSON.stringify(made ?? { error: { message: "none is left" } }),
        );
        return;
      }
      played.push(at);
      const { status, headers } = found.recording.response;
      response.statusCode = status;
      response.setHeader("content-type", headers["content-type"] ?? "application/json");
      response.end(rewrite(Buffer.from(bodyOf(found.recording)).toString("utf8"), bodies));
    });
  });
  return Object.assign(server, { played, bodies });
}

/** The path below the version, without a query. */
function pathOf(url: string): string {
  return url.replace(/\?.*/, "").replace(/^\/v1(beta)?/, "");
}
