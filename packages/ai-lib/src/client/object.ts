import { AiLibError, cancelled, configError } from "../core/errors/error.js";
import { snapshotRequest } from "../core/run/snapshot.js";
import { type ChatInput, toChatRequest } from "../core/values/chat-request.js";
import { WRAPPER } from "../core/values/json-schema.js";
import type { JsonReader } from "./json-text.js";
import { unwrap } from "./object-answer.js";
import { ObjectCall, type ObjectSoFar, type ObjectSteps } from "./object-run.js";
import type { DeepPartial, ElementOf, ObjectOptions, ObjectResult, ObjectStream } from "./object-types.js";
import { readNow } from "./read-now.js";
import type { PreparedSchema } from "./schema.js";
import type { AnySchema, OutputOf } from "./standard-schema.js";
import type { RunClient } from "./tool-run.js";

/** See {@link AiClient.object}. */
export async function askObject<S extends AnySchema>(
  client: RunClient,
  schema: S,
  input: ChatInput,
  options: ObjectOptions = {},
): Promise<ObjectResult<OutputOf<S>>> {
  const request = readNow(() => snapshotRequest(toChatRequest(input)));
  const step = await ObjectCall.steps<OutputOf<S>>(client, schema, request, options, false).next();
  if (step.done !== true) throw new TypeError("An object that is not streamed has no pieces");
  return step.value;
}

/** See {@link AiClient.streamObject}. */
export function streamObject<S extends AnySchema>(
  client: RunClient,
  schema: S,
  input: ChatInput,
  options: ObjectOptions = {},
): ObjectStream<OutputOf<S>> {
  const request = readNow(() => snapshotRequest(toChatRequest(input)));
  return new ObjectReading(() => ObjectCall.steps<OutputOf<S>>(client, schema, request, options, true));
}

/** A partial is made only when the text has grown by this share: the work stays in proportion to the answer's length. */
const GROWTH = 1.02;

/** The reader's end of an object that is streamed. */
class ObjectReading<T> implements ObjectStream<T> {
  private state: "new" | "read" = "new";
  private settled: Promise<ObjectResult<T>> | undefined;
  private resolve: (result: ObjectResult<T>) => void = () => {};
  private reject: (error: unknown) => void = () => {};
  private readonly outcome = new Promise<ObjectResult<T>>((resolve, reject) => {
    this.resolve = resolve;
    this.reject = reject;
  });

  constructor(private readonly begin: () => ObjectSteps<T>) {
    this.outcome.catch(() => {});
  }

  get partials(): AsyncIterable<DeepPartial<T>> {
    return { [Symbol.asyncIterator]: () => this.readPartials() };
  }

  get elements(): AsyncIterable<ElementOf<T>> {
    return { [Symbol.asyncIterator]: () => this.readElements() };
  }

  object(): Promise<ObjectResult<T>> {
    if (this.settled === undefined) {
      this.settled = this.outcome;
      queueMicrotask(() => {
        if (this.state === "new") this.drain().catch(() => {});
      });
    }
    return this.settled;
  }

  private async drain(): Promise<void> {
    for await (const _ of this.steps());
  }

  /** The pieces of the call; its ending settles `object()`, also where the loop is left. */
  private async *steps(): AsyncGenerator<ObjectSoFar, ObjectResult<T> | undefined, undefined> {
    if (this.state === "read")
      throw configError("An object can be iterated once: read `partials` or `elements`, before `object()`");
    this.state = "read";
    let ended = false;
    const steps = this.begin();
    try {
      const result = yield* steps;
      ended = true;
      this.resolve(result);
      return result;
    } catch (error) {
      ended = true;
      this.reject(AiLibError.from(error));
      throw error;
    } finally {
      if (!ended) this.reject(cancelled("The loop over the object was left before its end"));
    }
  }

  private async *readPartials(): AsyncGenerator<DeepPartial<T>, void, undefined> {
    let latest: ObjectSoFar | undefined;
    let shown = 0;
    for await (const step of this.steps()) {
      if (step.reader !== latest?.reader) shown = 0;
      latest = step;
      const { reader } = step;
      if (reader.length < shown * GROWTH || reader.length === shown) continue;
      const value = partialOf(step);
      if (value === undefined) continue;
      shown = reader.length;
      yield value as DeepPartial<T>;
    }
    if (latest === undefined || latest.reader.length <= shown) return;
    const whole = unwrapIf(latest, latest.reader.snapshot());
    if (whole !== undefined) yield whole as DeepPartial<T>;
  }

  private async *readElements(): AsyncGenerator<ElementOf<T>, void, undefined> {
    let reader: JsonReader | undefined;
    let given = 0;
    let broken = false;
    const steps = this.steps();
    let finished = false;
    try {
      for (;;) {
        const step = await steps.next();
        if (step.done === true) {
          finished = true;
          const list: unknown = step.value?.object;
          if (!Array.isArray(list))
            throw configError("`elements` needs a schema whose root is a list; read `partials` instead");
          for (const item of list.slice(given)) yield item as ElementOf<T>;
          return;
        }
        if (step.value.reader !== reader) {
          if (given > 0) throw restarted();
          reader = step.value.reader;
          broken = false;
        }
        const items = itemsOf(step.value);
        while (!broken && items !== undefined && given < items.length) {
          const checked = await elementOf(items[given], step.value.schema);
          if (checked === undefined) broken = true;
          else {
            given++;
            yield checked.value as ElementOf<T>;
          }
        }
      }
    } finally {
      if (!finished) await steps.return(undefined);
    }
  }
}

/** An item by the schema of its list; undefined where it does not fit. */
async function elementOf(
  item: unknown,
  schema: PreparedSchema,
): Promise<{ readonly value: unknown } | undefined> {
  const checked = await schema.check([item]);
  if ("value" in checked) return Array.isArray(checked.value) ? { value: checked.value[0] } : undefined;
  // A rule of the list as a whole, such as its length, does not concern this item.
  return checked.issues.every(({ path }) => path.length === 0) ? { value: item } : undefined;
}

function itemsOf({ reader, wrapped }: ObjectSoFar): readonly unknown[] | undefined {
  return (wrapped ? reader.items(WRAPPER) : undefined) ?? reader.items();
}

function restarted(): AiLibError {
  return new AiLibError({
    code: "STREAM_TRUNCATED",
    message: "The list restarted after items had been read; read `partials` or `object()` to see the new one",
    committed: true,
  });
}

/** The value so far; undefined where only the wrapper around it has begun. */
function partialOf(step: ObjectSoFar): unknown {
  const value = step.reader.snapshot();
  const inner = unwrapIf(step, value);
  return step.wrapped && inner === value && !Array.isArray(value) ? undefined : inner;
}

function unwrapIf({ wrapped }: ObjectSoFar, value: unknown): unknown {
  return wrapped ? unwrap(value) : value;
}
