import type { Call } from "../../core/contract/call.js";
import type { ServerHalf } from "../../core/contract/dialect.js";
import type { HttpReply, HttpRequest } from "../../core/contract/transport.js";
import { AiLibError } from "../../core/errors/error.js";
import type { ChatRequest } from "../../core/values/chat-request.js";
import type { Kind, RequestOf } from "../../core/values/kinds.js";
import { type SimulatedAnswer, simulatedResponse } from "../answer.js";
import { sampleReply } from "../sample-reply.js";

/** Answers the rows of batches as the calls that they represent. */
export class RowAnswers {
  private nextId = 0;

  constructor(
    private readonly halves: readonly ServerHalf[],
    private readonly answer: (request: ChatRequest, endpoint: string) => SimulatedAnswer,
    private readonly now: () => number,
  ) {}

  /** The reply to one row. @param dialect answers rows whose path several dialects have */
  reply(endpoint: string, path: string, body: string, dialect: ServerHalf["id"]): HttpReply {
    const http: HttpRequest = { method: "POST", path, headers: {}, body };
    const half = this.halves.find(({ id }) => id === dialect);
    const other = this.halves.find((each) => each.matches(http));
    const speaker = half?.matches(http) === true ? half : (other ?? half);
    if (speaker === undefined) throw new Error(`The simulator has no dialect "${dialect}"`);
    try {
      const codec = Object.values(speaker.kinds ?? {}).find((each) => each.matches(http));
      if (codec !== undefined) {
        const request = codec.decode(http) as RequestOf<Kind>;
        const { laws } = codec as unknown as Pick<Call, "laws">;
        const response = (laws as never as { respond(...given: unknown[]): unknown }).respond(
          sampleReply({ laws, request } as Pick<Call, "laws" | "request">),
          [],
          {
            provider: "simulator",
            model: (request as { model?: string }).model ?? "simulated",
            id: this.id(),
            attempts: [],
            estimateInput: () =>
              (laws as never as { estimate(r: unknown): { inputTokens: number } }).estimate(request)
                .inputTokens,
          },
        );
        return (codec as never as { encode(r: unknown, q: unknown): HttpReply }).encode(response, request);
      }
      const decoded = speaker.decode(http);
      const id = this.id();
      const response = simulatedResponse(decoded.request, this.answer(decoded.request, endpoint), id);
      return speaker.encode(response, {
        ...decoded,
        id,
        created: this.now(),
        model: decoded.request.model ?? "simulated",
      });
    } catch (error) {
      return speaker.error(AiLibError.from(error, "INVALID_REQUEST"));
    }
  }

  /** An error as a row reports it. */
  refusal(status: number, dialect: ServerHalf["id"]): HttpReply {
    const half = this.halves.find(({ id }) => id === dialect);
    const error = new AiLibError({
      code: status === 429 ? "RATE_LIMIT" : status >= 500 ? "PROVIDER_ERROR" : "INVALID_REQUEST",
      status,
      message: `The simulator was set to answer this row with ${status}`,
    });
    const reply = half?.error(error) ?? { status, headers: {}, body: "{}" };
    return { ...reply, status };
  }

  private id(): string {
    return `sim-batch-${++this.nextId}`;
  }
}
