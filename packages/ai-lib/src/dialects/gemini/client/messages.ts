import { type DialectTarget, type EncodeWarnings, extensionsFor } from "../../../core/contract/dialect.js";
import { AiLibError } from "../../../core/errors/error.js";
import { type JsonObject, type MutableJson, mergeDeep } from "../../../core/values/json.js";
import type {
  AssistantMessage,
  ContentPart,
  Extensions,
  Message,
  ToolMessage,
  ToolResultPart,
  UserMessage,
} from "../../../core/values/message.js";
import { partsOf } from "../../../core/values/message.js";
import { extended } from "../../shared/common/extensions.js";
import { FAMILY, isServerTool, SKIP_SIGNATURE, signatureOf } from "../shared/family.js";
import { encodeMedia, type MediaLike, noteMediaLosses } from "../shared/media.js";
import { type CallStyle, encodeModelPart, KNOWN_IDS, NO_IDS } from "../shared/parts.js";
import { quirksOf } from "../shared/quirks.js";
import { encodeResult, resultText } from "../shared/results.js";
import { generationOf } from "./generation.js";

/** One turn on the wire. */
type Content = { role: "user" | "model"; parts: JsonObject[] } & MutableJson;

/** Writes messages as `systemInstruction` and `contents`. https://ai.google.dev/api/caching#Content */
export class ContentsEncoder {
  readonly contents: MutableJson[] = [];
  private readonly instructions: JsonObject[] = [];
  private instructionExtras: JsonObject[] = [];
  private readonly generation;
  private readonly style: CallStyle;
  /** Names of the calls made so far, by id: a result needs its function's name. */
  private readonly names = new Map<string, string>();
  /** Calls that were left out, so that their results go too. */
  private readonly dropped = new Set<string>();
  /** The content that gathers the results of one turn. */
  private results: Content | undefined;

  constructor(
    private readonly target: DialectTarget,
    private readonly losses: EncodeWarnings,
  ) {
    this.generation = generationOf(target);
    this.style = quirksOf(target.quirks).noCallIds === true ? NO_IDS : KNOWN_IDS;
  }

  /** Adds the message at position `position` of the request. */
  add(message: Message, position: number): void {
    const at = `messages.${position}`;
    if (message.cache !== undefined) this.cacheMark(at);
    if (message.role !== "tool") this.results = undefined;
    switch (message.role) {
      case "system":
        this.system(message, at);
        break;
      case "user":
        this.user(message, at);
        break;
      case "assistant":
        if (message.incomplete !== true) this.assistant(message, at);
        break;
      case "tool":
        this.tool(message, at);
        break;
      default: {
        const never: never = message;
        throw new TypeError(`Unknown message ${JSON.stringify(never)}`);
      }
    }
  }

  /** `systemInstruction` and `contents`, once all messages are in. */
  body(): MutableJson {
    const { instructions, contents } = this;
    if (instructions.length === 0) return { contents };
    if (this.generation.systemRole) {
      const instruction = this.instructionExtras.reduce<JsonObject>(mergeDeep, { parts: instructions });
      return { systemInstruction: instruction, contents };
    }
    this.losses.changed(
      "messages",
      `${this.target.model} takes no instructions; they begin the first user message`,
    );
    const first = contents.find((content) => content["role"] === "user");
    if (first === undefined) return { contents: [{ role: "user", parts: instructions }, ...contents] };
    first["parts"] = [...instructions, ...(first["parts"] as JsonObject[])];
    return { contents };
  }

  private system(message: Message, at: string): void {
    if (this.contents.length > 0 && this.generation.systemRole)
      this.losses.changed(at, "instructions stand above the whole conversation; they were moved there");
    partsOf(message).forEach((part, place) => {
      if (part.type === "text" && part.text !== "")
        this.instructions.push(this.extend({ text: part.text }, part.extensions));
      if (part.cache !== undefined) this.cacheMark(`${at}.content.${place}`);
    });
    this.instructionExtras.push(...extensionsFor(message.extensions, "gemini", this.target.provider));
  }

  private user(message: UserMessage, at: string): void {
    if (message.name !== undefined) this.losses.unsupported(`${at}.name`, "users have no names");
    const parts: JsonObject[] = [];
    partsOf(message).forEach((part, place) => {
      const wire = this.userPart(part, `${at}.content.${place}`);
      if (wire !== undefined) parts.push(this.extend(wire, part.extensions));
    });
    // An empty message is still a turn: instructions alone are answered where one stands.
    this.push("user", parts.length === 0 ? [{ text: "" }] : parts, message.extensions, at);
  }

  private userPart(part: ContentPart, at: string): JsonObject | undefined {
    if (part.cache !== undefined) this.cacheMark(at);
    if (part.type === "text") return part.text === "" ? undefined : { text: part.text };
    if (part.type === "image" || part.type === "audio" || part.type === "file") return this.media(part, at);
    this.losses.unsupported(at, `a user cannot send a ${part.type}`);
    return undefined;
  }

  private media(part: MediaLike, at: string): JsonObject {
    if (part.uploaded !== undefined && part.uploaded.provider !== this.target.provider)
      throw new AiLibError({
        code: "UNSUPPORTED_FEATURE",
        message: `The file at ${at} lives with ${part.uploaded.provider}, which ${this.target.provider} cannot read; send its bytes`,
        local: true,
      });
    noteMediaLosses(part, at, this.losses);
    return encodeMedia(part);
  }

  private assistant(message: AssistantMessage, at: string): void {
    const parts: JsonObject[] = [];
    let unsigned: { place: number } | undefined;
    let signed = false;
    partsOf(message).forEach((part, place) => {
      const wire = this.modelPart(part, `${at}.content.${place}`);
      if (wire === undefined) return;
      if (part.type === "tool-call" && part.executedBy === undefined) {
        if (wire["thoughtSignature"] !== undefined) signed = true;
        else unsigned ??= { place: parts.length };
      }
      parts.push(this.extend(wire, part.extensions));
    });
    // A history of calls that another model made: only the first of parallel calls carries a signature.
    const first =
      unsigned === undefined || signed || !this.generation.signedCalls ? undefined : parts[unsigned.place];
    if (unsigned !== undefined && first !== undefined)
      parts[unsigned.place] = { ...first, thoughtSignature: SKIP_SIGNATURE };
    this.push("model", parts, message.extensions, at);
  }

  private modelPart(part: ContentPart, at: string): JsonObject | undefined {
    if (part.cache !== undefined) this.cacheMark(at);
    const foreign = part.origin !== undefined && !this.readable(part.origin) ? part.origin : undefined;
    if (foreign !== undefined) this.losses.stateDropped(at, foreign.family);
    switch (part.type) {
      case "text":
        if (part.logprobs !== undefined)
          this.losses.unsupported(`${at}.logprobs`, "log probabilities have no place in a request");
        break;
      case "reasoning":
        if (foreign !== undefined) return undefined;
        if (part.text === "" && signatureOf(part.origin) === undefined) {
          this.losses.unsupported(at, "thinking without text or signature cannot be written");
          return undefined;
        }
        if (part.redacted === true)
          this.losses.notReplayed(`${at}.redacted`, "thoughts have no mark for what was withheld");
        break;
      case "refusal":
        this.losses.changed(at, "a refusal is written as text");
        break;
      case "source":
        this.losses.unsupported(at, "citations have no place in a request");
        return undefined;
      case "image":
      case "audio":
      case "file": {
        const signature = foreign === undefined ? signatureOf(part.origin) : undefined;
        const wire = this.media(part, at);
        return signature === undefined ? wire : { ...wire, thoughtSignature: signature };
      }
      case "tool-call":
        this.names.set(part.id, part.name);
        if (part.arguments === undefined) {
          this.dropped.add(part.id);
          this.losses.unsupported(at, "its arguments were cut, so it cannot be replayed");
          return undefined;
        }
        if (part.executedBy !== undefined && !isServerTool(part.name)) return this.foreignRun(part.id, at);
        break;
      case "tool-result":
        if (part.executedBy === undefined || this.dropped.has(part.id)) return undefined;
        if (!isServerTool(part.name ?? this.names.get(part.id) ?? "")) return this.foreignRun(part.id, at);
        return encodeModelPart({ ...part, name: part.name ?? this.names.get(part.id) ?? "" }, this.style);
      default: {
        const never: never = part;
        throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
      }
    }
    const { origin, ...bare } = part;
    return encodeModelPart(
      origin === undefined || foreign === undefined ? part : (bare as ContentPart),
      this.style,
    );
  }

  private foreignRun(id: string, at: string): undefined {
    this.dropped.add(id);
    this.losses.unsupported(at, "another provider ran this tool; its trace cannot be replayed here");
    return undefined;
  }

  private tool(message: ToolMessage, at: string): void {
    const parts: JsonObject[] = [];
    const media: JsonObject[] = [];
    message.content.forEach((result, place) => {
      if (this.dropped.has(result.id)) return;
      const wire = this.functionResult(result, `${at}.content.${place}`, media);
      parts.push(this.extend(wire, result.extensions));
    });
    if (parts.length === 0) {
      this.noteFields(message.extensions, at);
      return;
    }
    // All results of one turn stand in one content, as many as there were calls.
    if (this.results === undefined)
      this.results = this.push("user", [...parts, ...media], message.extensions, at);
    else {
      this.results.parts.push(...parts, ...media);
      Object.assign(this.results, this.extend(this.results, message.extensions));
    }
  }

  private functionResult(result: ToolResultPart, at: string, beside: JsonObject[]): JsonObject {
    if (result.cache !== undefined) this.cacheMark(at);
    const inside: JsonObject[] = [];
    const content = typeof result.content === "string" ? [] : result.content;
    content.forEach((part, place) => {
      if (part.cache !== undefined) this.cacheMark(`${at}.content.${place}`);
      if (part.type === "text") {
        this.noteFields(part.extensions, `${at}.content.${place}`);
        return;
      }
      const wire = this.extend(this.media(part, `${at}.content.${place}`), part.extensions);
      if (this.generation.mediaInResults) inside.push(wire);
      else {
        this.losses.changed(
          `${at}.content.${place}`,
          `${this.target.model} takes no media in a result; it stands beside it`,
        );
        beside.push(wire);
      }
    });
    if (content.filter((part) => part.type === "text").length > 1)
      this.losses.changed(`${at}.content`, "its texts were joined by line breaks");
    return {
      functionResponse: {
        id: this.style.id(result.id),
        name: result.name ?? this.names.get(result.id) ?? result.id,
        response: encodeResult(resultText(result.content), result.isError === true),
        ...(inside.length === 0 ? {} : { parts: inside }),
      },
    };
  }

  private readable(origin: NonNullable<ContentPart["origin"]>): boolean {
    return (
      origin.family === FAMILY && (origin.account === undefined || origin.account === this.target.account)
    );
  }

  private push(
    role: Content["role"],
    parts: JsonObject[],
    extensions: Extensions | undefined,
    at: string,
  ): Content | undefined {
    if (parts.length === 0) {
      this.noteFields(extensions, at);
      return undefined;
    }
    const content = this.extend({ role, parts }, extensions) as Content;
    this.contents.push(content);
    return content;
  }

  /** Notes vendor fields of what has no object of its own on the wire. */
  private noteFields(extensions: Extensions | undefined, at: string): void {
    if (extensionsFor(extensions, "gemini", this.target.provider).length > 0)
      this.losses.unsupported(`${at}.extensions`, "there is no object left to put them on");
  }

  private extend(wire: JsonObject, extensions: Extensions | undefined): JsonObject {
    return extended(wire, extensions, "gemini", this.target.provider);
  }

  private cacheMark(at: string): void {
    this.losses.unsupported(
      `${at}.cache`,
      "Gemini caches prompts by itself, or as cachedContent through extensions",
    );
  }
}
