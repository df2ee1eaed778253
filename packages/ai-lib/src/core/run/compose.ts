import { type Call, type CallOptions, contextOf } from "../contract/call.js";
import type { ChatProvider, Target } from "../contract/provider.js";
import type { EventSink, Flow } from "../contract/sink.js";
import { AiLibError, configError } from "../errors/error.js";
import { checkRequest } from "../kinds/chat/validate.js";
import type { ChatRequest } from "../values/chat-request.js";
import type { ChatResponse } from "../values/chat-response.js";
import type { ModelFacts, ModelInfo } from "../values/model.js";
import { UnaryRun } from "./run.js";
import { CallStream, type ChatStream } from "./stream.js";

/** Marks providers whose `open` goes through `core/attempt.ts` itself. */
export const COUNTED: unique symbol = Symbol.for("ai-lib.counted") as never;

/** A provider that is written as `open`; `chat` and `stream` are derived from it, here and nowhere else. */
export abstract class OpenProvider implements ChatProvider {
  abstract readonly name: string;

  /** Says, also across copies of the package, that `open` counts its own attempts: see {@link openMember}. */
  get [COUNTED](): true {
    return true;
  }

  /** One call, unary or streaming; see {@link EventSink} for the rules. */
  abstract open(call: Call, sink: EventSink): Flow;

  chat(request: ChatRequest, options?: CallOptions): Promise<ChatResponse> {
    try {
      const call = callOf(request, "unary", options);
      return new UnaryRun(this, call, options?.context === undefined).response();
    } catch (error) {
      return Promise.reject(error);
    }
  }

  stream(request: ChatRequest, options?: CallOptions): ChatStream {
    return new CallStream(this, callOf(request, "stream", options), options?.context === undefined);
  }
}

/** A call from what a user wrote. A call within another was checked when the outer one began. */
function callOf(request: ChatRequest, mode: Call["mode"], options: CallOptions | undefined): Call {
  if (options?.context === undefined) checkRequest(request);
  return { kind: "chat", request, mode, context: contextOf(options) };
}

/** A provider made of others. Strategies and wrappers extend it and write `open`. */
export abstract class Composition extends OpenProvider {
  abstract readonly members: readonly ChatProvider[];

  /** A wrapper speaks for the one member it wraps; a composition of several has no target of its own. */
  get target(): Target | undefined {
    return this.members.length === 1 ? this.members[0]?.target : undefined;
  }

  /** Models of every member that can list them, each once. */
  async listModels(options?: CallOptions): Promise<ModelInfo[]> {
    const lists = await Promise.all(this.members.map((member) => member.listModels?.(options) ?? []));
    const seen = new Map<string, ModelInfo>();
    for (const info of lists.flat()) {
      const key = `${info.provider}/${info.id}`;
      if (!seen.has(key)) seen.set(key, info);
    }
    return [...seen.values()];
  }

  /** Facts of the first member that knows the model. */
  facts(model?: string): ModelFacts | undefined {
    for (const member of this.members) {
      const facts = member.facts?.(model);
      if (facts !== undefined) return facts;
    }
    return undefined;
  }

  /** Healthy while one member is; rejects with the last member's error where none is. */
  async checkHealth(options?: CallOptions): Promise<void> {
    let last: unknown;
    for (const member of this.members) {
      try {
        await member.checkHealth?.(options);
        return;
      } catch (error) {
        last = error;
      }
    }
    throw last ?? configError(`${this.name} has no member that could be healthy`);
  }

  async close(): Promise<void> {
    await Promise.all(this.members.map((member) => member.close?.()));
  }
}

/** A composition of one: it speaks for the member it wraps. */
export abstract class Wrapper extends Composition {
  readonly name: string;
  readonly members: readonly ChatProvider[];

  /** @param kind the wrapper's word in its name: `"retry"` makes `"retry(groq)"` */
  constructor(
    kind: string,
    protected readonly inner: ChatProvider,
  ) {
    super();
    this.name = `${kind}(${inner.name})`;
    this.members = [inner];
  }

  /** @throws {AiLibError} `MODEL_NOT_FOUND`; `UNSUPPORTED_FEATURE` where the member cannot tell. */
  getModelInfo(id: string, options?: CallOptions): Promise<ModelInfo> {
    return (
      this.inner.getModelInfo?.(id, options) ??
      Promise.reject(
        new AiLibError({
          code: "UNSUPPORTED_FEATURE",
          message: `"${this.inner.name}" cannot look models up`,
          local: true,
        }),
      )
    );
  }
}
