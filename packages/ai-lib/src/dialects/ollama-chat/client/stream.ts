import type { DialectTarget, StreamDecoder } from "../../../core/contract/dialect.js";
import type { PartSink } from "../../../core/contract/sink.js";
import type { Frame } from "../../../core/contract/transport.js";
import type { AiLibError } from "../../../core/errors/error.js";
import {
  asArray,
  asObject,
  asString,
  isObject,
  type JsonObject,
  tryParse,
} from "../../../core/values/json.js";
import type { TokenLogprob } from "../../../core/values/message.js";
import { defined, nonEmpty } from "../../shared/common/body-fields.js";
import { decodeTokenLogprobs } from "../../shared/common/logprobs.js";
import { warnNameless } from "../../shared/common/nameless-call.js";
import { MalformedFrames, truncated } from "../../shared/common/stream-errors.js";
import { syntheticId } from "../shared/family.js";
import { finishOf } from "../shared/finish.js";
import { pictureType } from "../shared/media.js";
import { usageOf } from "../shared/usage.js";
import { decodeInBandError, isErrorBody } from "./errors.js";

/** Decodes the lines of an answer, up to the one with `done: true`. A whole reply is such a line. */
export class OllamaStreamDecoder implements StreamDecoder {
  private over = false;
  private started = false;
  private readonly malformed: MalformedFrames;
  private count = 0;
  private open: "text" | "reasoning" | undefined;

  constructor(
    private readonly target: DialectTarget,
    private readonly out: PartSink,
  ) {
    this.malformed = new MalformedFrames(target, out);
  }

  frame(frame: Frame): void {
    if (this.over) return;
    const value = tryParse(frame.data);
    if (value === undefined) this.skip(frame.data);
    else this.value(value);
  }

  /** Decodes one parsed line. */
  value(value: unknown): void {
    if (this.over || !isObject(value)) return;
    if (isErrorBody(value)) {
      this.fail(decodeInBandError(value, this.target));
      return;
    }
    const message = asObject(value["message"]);
    const done = value["done"] === true;
    if (message === undefined && !done) return;
    if (!this.started) this.start(value);
    if (message !== undefined) this.message(message, value);
    if (done) this.finish(value);
  }

  end(): void {
    if (this.over) return;
    this.fail(truncated(this.target, "its last line"));
  }

  private start(value: JsonObject): void {
    this.started = true;
    const model = nonEmpty(value["model"]);
    this.out.event({ type: "start", ...defined({ model }), provider: this.target.provider });
  }

  private message(message: JsonObject, line: JsonObject): void {
    const { thinking, content } = message;
    if (typeof thinking === "string" && thinking !== "") this.delta("reasoning", thinking, undefined);
    if (typeof content === "string" && content !== "")
      this.delta(
        "text",
        content,
        line["logprobs"] === undefined ? undefined : decodeTokenLogprobs(line["logprobs"]),
      );
    if (message["images"] !== undefined) this.images(asArray(message["images"]));
    if (message["tool_calls"] !== undefined) this.calls(asArray(message["tool_calls"]), line);
  }

  private delta(
    kind: "text" | "reasoning",
    text: string,
    logprobs: readonly TokenLogprob[] | undefined,
  ): void {
    if (this.open !== kind) {
      this.close();
      this.open = kind;
      this.out.event({ type: "part-start", index: this.count++, part: { type: kind } });
    }
    const index = this.count - 1;
    if (kind === "reasoning") this.out.event({ type: "reasoning-delta", index, text });
    else
      this.out.event(
        logprobs === undefined
          ? { type: "text-delta", index, text }
          : { type: "text-delta", index, text, logprobs },
      );
  }

  private close(): void {
    if (this.open === undefined) return;
    this.open = undefined;
    this.out.event({ type: "part-end", index: this.count - 1 });
  }

  private images(images: readonly unknown[]): void {
    for (const data of images) {
      if (typeof data !== "string" || data === "") continue;
      this.close();
      const part = { type: "image" as const, mediaType: pictureType(data), data };
      this.out.event({ type: "part", index: this.count++, part });
    }
  }

  /** Calls are complete, several in one line or one line each. */
  private calls(calls: readonly unknown[], line: JsonObject): void {
    for (const call of calls) {
      const asked = asObject(asObject(call)?.["function"]);
      const name = asString(asked?.["name"]);
      if (asked === undefined || name === undefined) continue;
      if (name === "") {
        warnNameless(argumentsText(asked["arguments"]), (warning) =>
          this.out.event({ type: "warning", warning }),
        );
        continue;
      }
      this.close();
      const index = this.count++;
      const given = asString(asObject(call)?.["id"]) ?? "";
      const id =
        given === "" ? syntheticId(asString(line["created_at"]) ?? String(this.target.now), index) : given;
      this.out.event({ type: "part-start", index, part: { type: "tool-call", id, name } });
      const text = argumentsText(asked["arguments"]);
      if (text !== "") this.out.event({ type: "tool-call-delta", index, text });
      this.out.event({ type: "part-end", index });
    }
  }

  private finish(line: JsonObject): void {
    this.close();
    this.over = true;
    const { reason, raw } = finishOf(line["done_reason"]);
    this.out.finish(
      defined({
        finishReason: reason,
        rawFinishReason: nonEmpty(raw),
        usage: usageOf(line),
        model: nonEmpty(line["model"]),
      }),
    );
  }

  /** A call is always complete within its line, so a skipped line cannot be part of one. */
  private skip(data: string): void {
    const failure = this.malformed.skip(data, false);
    if (failure !== undefined) this.fail(failure);
  }

  private fail(error: AiLibError): void {
    this.over = true;
    this.out.fail(error);
  }
}

/** Arguments as text. Ollama sends an object, some servers that copy its API the text that OpenAI sends. */
function argumentsText(given: unknown): string {
  if (given === undefined || given === null) return "";
  if (typeof given === "string") return given;
  return isObject(given) && Object.keys(given).length === 0 ? "" : JSON.stringify(given);
}
