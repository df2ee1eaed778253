import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { AiLibError, systemClock } from "ai-lib";
import type { z } from "zod";
import { StoreError } from "../store/store-thread.js";
import { escapeControls } from "../terminal-text.js";
import type { AuditTrail } from "./audit-trail.js";
import type { AdminPrincipal } from "./auth/principal.js";
import { allows } from "./auth/roles.js";
import type { ChangeBudget } from "./change-budget.js";
import { AdminError, type ErrorDetail } from "./errors.js";
import { etagOf, isUnchanged, versionOf } from "./etag.js";
import type { Idempotency, StoredReply } from "./idempotency.js";
import { isRepeatable } from "./openapi.js";
import type { AdminParts } from "./parts.js";
import { readBody } from "./read-body.js";
import type { AdminReply, AdminRequest, AdminRoute } from "./route.js";
import type { Match, Router } from "./router.js";
import { NO_BODY } from "./shapes.js";
import type { Streams } from "./streams.js";

/** What a call is answered with. */
export interface CallMeans {
  /** The id of the request, for its error and for the logs. */
  readonly id: string;
  /** Epoch milliseconds at which it arrived. */
  readonly at: number;
  readonly parts: AdminParts;
  readonly router: Router;
  readonly idempotency: Idempotency;
  readonly streams: Streams;
  readonly trail: AuditTrail;
  readonly budget: ChangeBudget;
  readonly onError: (error: unknown) => void;
  /** Whether a client with these headers may still call. Checked while a stream runs, also after a reload. */
  readonly isKnown: (headers: IncomingHttpHeaders) => boolean;
}

type Refusal = Pick<AdminError, "code" | "status" | "actor">;

interface Note {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly target: string;
  readonly status: number;
  readonly more: Readonly<Record<string, unknown>>;
}

/** Answers one request: authenticates, authorizes and validates it, runs the route, and writes the audit log. */
export class AdminCall {
  private match: Match | undefined;
  private principal: AdminPrincipal | undefined;
  private code: string | undefined;

  constructor(
    private readonly request: IncomingMessage,
    private readonly response: ServerResponse,
    private readonly means: CallMeans,
  ) {}

  /** @param check what is checked before anything else */
  async answer(check: () => void): Promise<void> {
    try {
      check();
      await this.run();
    } catch (error) {
      await this.refuse(error);
    }
  }

  /** The request as one line of JSON: no query, no id of a path, no header, no body. */
  logLine(): string {
    const { id, at } = this.means;
    const { statusCode, headersSent } = this.response;
    const line = JSON.stringify({
      time: new Date(at).toISOString(),
      admin: this.match?.route.id ?? "unknown",
      method: this.request.method,
      status: headersSent ? statusCode : 0,
      ms: Math.round(systemClock.now() - at),
      request: id,
      actor: this.principal?.id,
      code: this.code,
    });
    // An identity provider may let people choose their subject.
    return `${escapeControls(line)}\n`;
  }

  private async run(): Promise<void> {
    const { request, means } = this;
    const { parts, at, budget } = means;
    const { method = "GET", headers } = request;
    const [path = "", query = ""] = splitOnce(request.url ?? "/", "?");
    const match = means.router.find(method, path);
    this.match = match;
    const { route } = match;
    if (route.role !== "anyone") {
      this.principal = parts.auth.identify(headers, at);
      if (this.principal === undefined)
        throw new AdminError("unauthenticated", "A valid token or session is needed", {
          headers: { "www-authenticate": "Bearer" },
        });
      if (route.action !== undefined) {
        parts.auth.checkCsrf(this.principal, headers, parts.origin);
        budget.take(this.principal.id, at);
      }
      if (!allows(this.principal.role, route.role))
        throw new AdminError(
          "forbidden",
          `This needs the role ${route.role}; yours is ${this.principal.role}`,
        );
    }
    const body = await readBody(request, route.body !== NO_BODY);
    const checked: AdminRequest<unknown, unknown, unknown> = {
      params: parse(route.params, match.params, "path"),
      query: parse(route.query, queryOf(query), "query"),
      body: parse(route.body, body.text === "" && route.isBodyOptional ? {} : body.value, "body"),
      version: route.ifMatch === true ? versionOf(headers["if-match"]) : undefined,
      principal: this.principal ?? { id: "anyone", name: "anyone", role: "viewer" },
      parts,
      now: at,
      cookie: headers.cookie,
      host: headers.host,
      lastEventId: single(headers["last-event-id"]),
    };
    if (route.stream !== undefined) {
      const { id } = checked.principal;
      means.streams.run(this.response, route.stream(checked), id, () => means.isKnown(headers));
      return;
    }
    const key = single(headers["idempotency-key"]);
    if (key === undefined || !isRepeatable(route)) {
      this.send(await this.perform(route, checked));
      return;
    }
    const { reply, repeated } = await means.idempotency.run(
      {
        principal: checked.principal.id,
        key,
        request: JSON.stringify([method, path, query, body.text]),
        now: at,
      },
      async () => {
        const first = await this.perform(route, checked);
        return { first, repeated: { ...first, body: without(first.body, route.shownOnce) } };
      },
    );
    this.send(reply, repeated ? { "idempotency-replayed": "true" } : {});
  }

  /**
   * Runs the route, records the change, and removes fields of the answer that its shape does not name. What comes after
   * the change must not fail: the client would not know that it was made, and repeat it.
   */
  private async perform(
    route: AdminRoute,
    request: AdminRequest<unknown, unknown, unknown>,
  ): Promise<StoredReply> {
    const { trail, parts, onError } = this.means;
    if (route.action !== undefined) await trail.flush(parts.audit, onError);
    const reply = await route.handle(request);
    const { status = reply.body === undefined ? 204 : 200 } = route;
    await this.audit(reply, status);
    return {
      status,
      headers: { ...reply.headers, ...(reply.version !== undefined && { etag: etagOf(reply.version) }) },
      body: route.reply === undefined ? undefined : route.reply.parse(reply.body),
    };
  }

  /** Records a change. A change without an effect, such as the end of no session, has no facts and is not recorded. */
  private async audit({ audit }: AdminReply<unknown>, status: number): Promise<void> {
    if (audit === undefined) return;
    const { target, actor = this.principal, before, after } = audit;
    if (actor !== undefined) await this.note({ ...actor, target, status, more: { before, after } });
  }

  private async auditRefusal({ code, status, actor = this.principal }: Refusal): Promise<void> {
    // Changes beyond the budget are not recorded: they would fill the log.
    if (actor === undefined || code === "rate_limited") return;
    const [target = ""] = Object.values(this.match?.params ?? {});
    await this.note({ role: "", ...actor, target, status, more: { code } });
  }

  private async note({ id: actor, name, role, target, status, more }: Note): Promise<void> {
    const action = this.match?.route.action;
    if (action === undefined) return;
    const { id: requestId, at, parts, trail, onError } = this.means;
    const known = Object.entries(more).filter(([, value]) => value !== undefined);
    const details = { requestId, name, ...Object.fromEntries(known) };
    await trail.record(parts.audit, { at, actor, role, action, target, status, details }, onError);
  }

  private send({ status, headers, body }: StoredReply, more: Readonly<Record<string, string>> = {}): void {
    const { etag } = headers;
    const match = single(this.request.headers["if-none-match"]);
    if (this.request.method === "GET" && typeof etag === "string" && isUnchanged(match, etag)) {
      this.response.writeHead(304, { etag }).end();
      return;
    }
    const text = body === undefined ? undefined : JSON.stringify(body);
    this.response
      .writeHead(status, {
        ...(headers as Record<string, string | string[]>),
        ...more,
        ...(text !== undefined && { "content-type": "application/json" }),
      })
      .end(text);
  }

  private async refuse(error: unknown): Promise<void> {
    const { id, onError } = this.means;
    const refusal = refusalOf(error);
    if (refusal !== error && refusal.status >= 500) onError(error);
    await this.auditRefusal(refusal);
    const { code, message, details } = refusal;
    this.code = code;
    if (this.response.headersSent) {
      this.response.end();
      return;
    }
    this.response.writeHead(refusal.status, { ...refusal.headers, "content-type": "application/json" }).end(
      JSON.stringify({
        error: { code, message, requestId: id, ...(details !== undefined && { details }) },
      }),
    );
  }
}

/** The refusal that a client gets for an error. Errors that are not for clients become `internal`. */
function refusalOf(error: unknown): AdminError {
  if (error instanceof AdminError) return error;
  // Of the file, and of the store: a question or a record that is out of range.
  if (AiLibError.is(error) && (error.code === "CONFIG_ERROR" || error.code === "INVALID_REQUEST"))
    return new AdminError("invalid_request", error.message);
  if (error instanceof StoreError)
    return new AdminError(
      "store_unavailable",
      "The store cannot be reached, or failed; standard error of the gateway has the reason. Try again when it works. A change may have been made: read what is there before you repeat it",
    );
  return new AdminError("internal", "The gateway failed; its standard error has the place");
}

/** Places that one answer names. */
const MAX_DETAILS = 50;

function parse(shape: z.ZodType, value: unknown, place: string): unknown {
  const result = shape.safeParse(value);
  if (result.success) return result.data;
  const details = result.error.issues
    .slice(0, MAX_DETAILS)
    .flatMap((issue): ErrorDetail[] =>
      issue.code === "unrecognized_keys"
        ? issue.keys
            .slice(0, MAX_DETAILS)
            .map((key) => ({ path: pathOf([place, ...issue.path, key]), message: "unknown" }))
        : [{ path: pathOf([place, ...issue.path]), message: issue.message.replace(/^Invalid input: /, "") }],
    );
  throw new AdminError("invalid_request", `The ${place} of the request is wrong`, {
    details: details.slice(0, MAX_DETAILS),
  });
}

/** A place in a request. Names that a client made up may be long. */
function pathOf(parts: readonly PropertyKey[]): string {
  return parts.map(String).join(".").slice(0, 200);
}

/** @throws {AdminError} `invalid_request` for a name that is there twice. */
function queryOf(text: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = Object.create(null);
  for (const [name, value] of new URLSearchParams(text)) {
    if (name in found)
      throw new AdminError("invalid_request", "The query of the request is wrong", {
        details: [{ path: pathOf(["query", name]), message: "is there twice" }],
      });
    found[name] = value;
  }
  return { ...found };
}

function without(body: unknown, names: readonly string[] = []): unknown {
  if (typeof body !== "object" || body === null || names.length === 0) return body;
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));
}

function single(header: string | string[] | undefined): string | undefined {
  return typeof header === "string" ? header : undefined;
}

function splitOnce(text: string, mark: string): readonly string[] {
  const at = text.indexOf(mark);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + mark.length)];
}
