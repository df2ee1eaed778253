import { asObject, asString, isObject, type JsonObject } from "../../../core/values/json.js";
import type {
  ContentPart,
  Extensions,
  Message,
  Origin,
  TextPart,
  ToolResultContent,
  ToolResultPart,
  UserPart,
} from "../../../core/values/message.js";
import { OpenCalls } from "../../shared/common/open-calls.js";
import {
  CODE_EXECUTION,
  FAMILY,
  field,
  objectField,
  objectsField,
  restOf,
  SKIP_SIGNATURE,
  stringField,
  syntheticId,
} from "../shared/family.js";
import { decodeMedia } from "../shared/media.js";
import { decodeResult } from "../shared/results.js";

const CONTENT_FIELDS: ReadonlySet<string> = new Set(["role", "parts"]);
const PART_FIELDS: ReadonlySet<string> = new Set([
  "text",
  "thought",
  "thoughtSignature",
  "inlineData",
  "fileData",
  "videoMetadata",
  "functionCall",
  "functionResponse",
  "executableCode",
  "codeExecutionResult",
  "toolCall",
  "toolResponse",
]);

/** Decodes `contents` and `systemInstruction`. */
export class ContentsDecoder {
  readonly messages: Message[] = [];
  /** Calls without a result so far, in order. A result without an id belongs to the first call of its name. */
  private readonly waiting = new OpenCalls();
  private serverCall: { id: string; name: string } | undefined;

  /** Instructions, whatever their role. */
  system(content: JsonObject | undefined): void {
    if (content === undefined) return;
    const parts = objectsField(content, "parts").flatMap((part): TextPart[] => {
      const text = stringField(part, "text");
      return text === undefined || text === ""
        ? []
        : [{ type: "text", text, ...extensionsOf(part, PART_FIELDS) }];
    });
    if (parts.length === 0) return;
    this.messages.push({ role: "system", content: plain(parts), ...extensionsOf(content, CONTENT_FIELDS) });
  }

  /** One of `contents`. Results of functions become a `tool` message, other parts a `user` message. */
  add(content: JsonObject, position: number): void {
    const wire = objectsField(content, "parts");
    const extensions = extensionsOf(content, CONTENT_FIELDS);
    if (stringField(content, "role") === "model") {
      const parts = wire.flatMap((part, place) => this.modelPart(part, `${position}_${place}`) ?? []);
      if (parts.length > 0 && !this.joinCalls(parts))
        this.messages.push({ role: "assistant", content: plain(parts), ...extensions });
      return;
    }
    const results: ToolResultPart[] = [];
    const parts: UserPart[] = [];
    for (const part of wire) {
      const response = objectField(part, "functionResponse");
      if (response !== undefined)
        results.push({ ...this.result(response), ...extensionsOf(part, PART_FIELDS) });
      else {
        const one = userPart(part);
        if (one !== undefined) parts.push(one);
      }
    }
    if (results.length > 0) this.messages.push({ role: "tool", content: results, ...extensions });
    if (parts.length > 0 || results.length === 0)
      this.messages.push({ role: "user", content: plain(parts), ...(results.length > 0 ? {} : extensions) });
  }

  /**
   * Adds parts to the previous turn if that has calls without results. Google's SDK stores each piece of a stream as a
   * turn of its own, so parallel calls can be in several.
   */
  private joinCalls(parts: readonly ContentPart[]): boolean {
    const last = this.messages.at(-1);
    if (last?.role !== "assistant" || last.extensions !== undefined || typeof last.content === "string")
      return false;
    if (!last.content.some(({ type }) => type === "tool-call")) return false;
    this.messages[this.messages.length - 1] = { ...last, content: [...last.content, ...parts] };
    return true;
  }

  private result(response: JsonObject): ToolResultPart {
    const name = stringField(response, "name");
    const given = stringField(response, "id");
    const call =
      given === undefined
        ? name === undefined
          ? undefined
          : this.waiting.takeFirst(name)
        : this.waiting.takeById(given);
    const id = given ?? call?.id ?? syntheticId(undefined, name ?? "");
    const { text, isError } = decodeResult(objectField(response, "response"));
    const media = objectsField(response, "parts").flatMap((part): ToolResultContent[] => {
      const one = decodeMedia(part);
      return one === undefined ? [] : [{ ...one, ...extensionsOf(part, PART_FIELDS) }];
    });
    const words: ToolResultContent[] = text === "" ? [] : [{ type: "text", text }];
    return {
      type: "tool-result",
      id,
      ...(name === undefined || name === call?.name ? {} : { name }),
      content: media.length === 0 ? text : [...words, ...media],
      ...(isError ? { isError } : {}),
    };
  }

  private modelPart(part: JsonObject, position: string): ContentPart | undefined {
    const found = this.modelBody(part, position);
    if (found === undefined) return undefined;
    const origin = originOf(stringField(part, "thoughtSignature"));
    return { ...found, ...(origin === undefined ? {} : { origin }), ...extensionsOf(part, PART_FIELDS) };
  }

  private modelBody(part: JsonObject, position: string): ContentPart | undefined {
    const text = stringField(part, "text");
    const signed = field(part, "thoughtSignature") !== undefined;
    if (text !== undefined) {
      if (text === "" && !signed) return undefined;
      return { type: field(part, "thought") === true ? "reasoning" : "text", text };
    }
    const call = objectField(part, "functionCall");
    if (call !== undefined) {
      const id = stringField(call, "id") ?? syntheticId(undefined, position);
      const name = stringField(call, "name") ?? "";
      this.waiting.add(id, name);
      return { type: "tool-call", id, name, arguments: objectField(call, "args") ?? {} };
    }
    const found =
      decodeMedia(part) ?? this.serverCallOf(part, position) ?? this.serverResultOf(part, position);
    // A part may have only a signature, which must reach the model again.
    if (found === undefined && signed)
      return { type: field(part, "thought") === true ? "reasoning" : "text", text: "" };
    return found;
  }

  private serverCallOf(part: JsonObject, position: string): ContentPart | undefined {
    const code = objectField(part, "executableCode");
    const call = code ?? objectField(part, "toolCall");
    if (call === undefined) return undefined;
    const id = stringField(call, "id") ?? syntheticId(undefined, position);
    const name = code === undefined ? (stringField(call, "toolType") ?? "") : CODE_EXECUTION;
    this.serverCall = { id, name };
    const given = code === undefined ? objectField(call, "args") : restOf(code, new Set(["id"]));
    return { type: "tool-call", id, name, arguments: given ?? {}, executedBy: "provider" };
  }

  private serverResultOf(part: JsonObject, position: string): ContentPart | undefined {
    const run = objectField(part, "codeExecutionResult");
    const result = run ?? objectField(part, "toolResponse");
    if (result === undefined) return undefined;
    const id = stringField(result, "id") ?? this.serverCall?.id ?? syntheticId(undefined, position);
    const outcome = stringField(run, "outcome");
    const failed = outcome !== undefined && outcome !== "OUTCOME_OK";
    const { text, isError } =
      run === undefined
        ? decodeResult(objectField(result, "response"))
        : { text: stringField(run, "output") ?? "", isError: failed };
    return {
      type: "tool-result",
      id,
      name:
        run === undefined ? (stringField(result, "toolType") ?? this.serverCall?.name ?? "") : CODE_EXECUTION,
      content: text,
      ...(isError ? { isError } : {}),
      executedBy: "provider",
    };
  }
}

function userPart(part: JsonObject): UserPart | undefined {
  const text = stringField(part, "text");
  const media = text === undefined ? decodeMedia(part) : undefined;
  const found: UserPart | undefined = text === undefined ? media : { type: "text", text };
  return found === undefined || text === "" ? undefined : { ...found, ...extensionsOf(part, PART_FIELDS) };
}

/** A single plain text becomes a string. */
function plain<P extends ContentPart>(parts: readonly P[]): string | readonly P[] {
  const [only] = parts;
  if (only === undefined) return "";
  return parts.length === 1 && only?.type === "text" && Object.keys(only).length === 2 ? only.text : parts;
}

/** Fields that the contract has no name for, as extensions. */
function extensionsOf(wire: JsonObject, known: ReadonlySet<string>): { extensions?: Extensions } {
  const rest = restOf(wire, known);
  return rest === undefined ? {} : { extensions: { gemini: rest } };
}

function originOf(signature: string | undefined): Origin | undefined {
  if (signature === undefined || signature === "" || signature === SKIP_SIGNATURE) return undefined;
  return { family: FAMILY, data: { thoughtSignature: signature } };
}

/** The text of an instruction, which is a content or a string. */
export function instructionOf(value: unknown): JsonObject | undefined {
  const text = asString(value);
  if (text !== undefined) return { parts: [{ text }] };
  return isObject(value) ? value : asObject(undefined);
}
