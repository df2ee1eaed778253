import type { EncodedRow, RowCodec, RowReply } from "../../core/contract/batch-service.js";
import { type Call, type CallContext, callOf } from "../../core/contract/call.js";
import { randomId } from "../../core/contract/clock.js";
import type { ClientHalf, DialectTarget, KindCodec } from "../../core/contract/dialect.js";
import type { HttpReply, HttpRequest } from "../../core/contract/transport.js";
import { AiLibError, invalidRequest } from "../../core/errors/error.js";
import type { KindLaws } from "../../core/kinds/laws.js";
import type { Warning } from "../../core/values/answer.js";
import type { ChatRequest } from "../../core/values/chat-request.js";
import type { Kind, ReplyOf, RequestOf, ResponseOf } from "../../core/values/kinds.js";
import type { ModelFacts } from "../../core/values/model.js";
import type { Usage } from "../../core/values/usage.js";
import { chatPreparation, type EncodedCall, encodeChatCall } from "./encode.js";
import { encodeKindCall } from "./encode-kind.js";
import { errorOfReply } from "./errors.js";
import { prepareChat } from "./prepare-chat.js";
import { withOwnCalls } from "./reply-tools.js";

chatPreparation.provide(prepareChat);

/** What rows need of their endpoint. */
export interface RowEndpoint {
  readonly half: ClientHalf;
  /** How the kind is written and read; undefined for a chat. */
  readonly codec: KindCodec<Kind> | undefined;
  readonly context: CallContext;
  target(model: string): DialectTarget;
  facts(model: string): ModelFacts | undefined;
  place(http: HttpRequest, call: Call, model: string): HttpRequest;
  /** Why rows of an endpoint cannot be in a batch, by its path. */
  refusal(path: string): string | undefined;
  /** Writes a row as the API of batches wants it. */
  write(key: string, path: string, body: string): string;
  /** US dollars at the price of batches. */
  cost(model: string, usage: Usage): number | undefined;
}

/** The rows of one kind, by the dialect and the API of batches of one provider. */
export class EndpointRows<K extends Kind> implements RowCodec<K> {
  constructor(
    private readonly laws: KindLaws<K>,
    private readonly endpoint: RowEndpoint,
  ) {}

  encode(request: RequestOf<K>, model: string): EncodedRow {
    const { endpoint } = this;
    const pieces = endpoint.codec?.pieces?.cut(request, endpoint.target(model)).length ?? 1;
    if (pieces > 1) throw this.tooMany(pieces);
    const call = this.callOf(request);
    const { http, warnings } = this.encoded(call, model);
    const { path, body, bytes } = endpoint.place(http, call, model);
    if (body === undefined || bytes !== undefined) throw this.noRow();
    const refusal = endpoint.refusal(path);
    if (refusal !== undefined)
      throw invalidRequest(`Batches of ${endpoint.target(model).provider} do not take the row: ${refusal}`);
    return { path, body, warnings };
  }

  line(key: string, { path, body }: EncodedRow): string {
    return this.endpoint.write(key, path, body);
  }

  decode(row: RowReply, request: RequestOf<K>, model: string, warnings: readonly Warning[]): ResponseOf<K> {
    const { endpoint, laws } = this;
    const target = endpoint.target(model);
    if (row.outcome === "expired") throw expired(target.provider);
    if (row.outcome === "cancelled") throw stopped(target.provider);
    const reply: HttpReply = { status: row.status, headers: {}, body: row.body };
    if (row.outcome === "failed") throw this.errorOf(reply, row, target);
    const decoded = this.decoded(reply, request, target);
    const response = laws.respond(decoded, [...warnings, ...laws.warningsOf(decoded)], {
      provider: target.provider,
      model,
      id: randomId(endpoint.context.random),
      attempts: [],
      estimateInput: () => laws.estimate(request).inputTokens,
    });
    const refined = laws.refine?.(response, request) ?? response;
    const cost = refined.cost ?? endpoint.cost(refined.model, refined.usage);
    return cost === undefined ? refined : { ...refined, cost };
  }

  private decoded(reply: HttpReply, request: RequestOf<K>, target: DialectTarget): ReplyOf<K> {
    const { half, codec } = this.endpoint;
    if (codec !== undefined) return codec.decode(reply, target, request) as ReplyOf<K>;
    const answer = half.decode(reply, target);
    const chat = request as ChatRequest;
    if (chat.tools === undefined) return answer as ReplyOf<K>;
    const { names } = this.encoded(this.callOf(request), target.model);
    return withOwnCalls(answer, { request: chat, names }) as ReplyOf<K>;
  }

  private errorOf(reply: HttpReply, { requestId }: RowReply, target: DialectTarget): AiLibError {
    const error = errorOfReply(reply, { half: this.endpoint.half, target, url: "" });
    const { provider, model } = target;
    return error.with({ target: { provider, model }, requestId: error.requestId ?? requestId });
  }

  private callOf(request: RequestOf<K>): Call {
    return callOf<Kind>(this.laws as never, request, "unary", this.endpoint.context);
  }

  private encoded(call: Call, model: string): EncodedCall {
    const { half, codec, target, facts } = this.endpoint;
    return codec === undefined
      ? encodeChatCall(half, call, target(model), facts(model))
      : encodeKindCall(codec, call, target(model));
  }

  private tooMany(pieces: number): AiLibError {
    return new AiLibError({
      code: "INVALID_REQUEST",
      message: `A row is one request, and this one needs ${pieces} at this provider: cut \`inputs\` into several rows`,
      local: true,
    });
  }

  private noRow(): AiLibError {
    return new AiLibError({
      code: "UNSUPPORTED_FEATURE",
      message: `A call of the kind "${this.laws.kind}" is no JSON at this provider, so it cannot be a row of a batch; use the live executor`,
      local: true,
    });
  }
}

function expired(provider: string): AiLibError {
  return new AiLibError({
    code: "TIMEOUT",
    message: `${provider} did not answer the row before its batch expired; it was not billed`,
  });
}

function stopped(provider: string): AiLibError {
  return new AiLibError({
    code: "CANCELLED",
    message: `${provider} did not answer the row before its batch was cancelled; it was not billed`,
  });
}
