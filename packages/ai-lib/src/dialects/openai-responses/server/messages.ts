import { invalidRequest } from "../../../core/errors/error.js";
import { toolCallOf } from "../../../core/kinds/chat/tool-call.js";
import { asString, isObject, type JsonObject } from "../../../core/values/json.js";
import type {
  ContentPart,
  Message,
  ToolCallPart,
  ToolResultPart,
  UserPart,
} from "../../../core/values/message.js";
import { unknownFields } from "../../shared/common/extensions.js";
import { decodeHead, roleOf } from "../shared/calls.js";
import { decodeItem, messagePieces, ReplyContext } from "../shared/parts.js";
import { decodePhase } from "../shared/phase.js";
import { contractName } from "../shared/tools.js";
import { extensionsOf, FAMILY } from "./fields.js";
import { decodeContent } from "./parts.js";
import { decodeResult } from "./results.js";
import { unwrapState } from "./state.js";

/** Decodes `input`: consecutive items of the model become one assistant message, and consecutive results one tool message. */
export class InputDecoder {
  readonly messages: Message[] = [];
  private turn: ContentPart[] | undefined;
  private results: ToolResultPart[] | undefined;
  /** The plain text that is the whole turn so far. */
  private plain: JsonObject | undefined;
  /** The turn ends in a plain text. */
  private endsPlain = false;
  /** Names of calls; results repeat them for dialects that need them. */
  private readonly names = new Map<string, string>();
  private readonly context = new ReplyContext({ provider: FAMILY, model: "", quirks: {}, now: 0 }, () => {});

  /** @throws {AiLibError} `INVALID_REQUEST` for anything but a text or a list of items. */
  decode(input: unknown): void {
    if (typeof input === "string") {
      this.messages.push({ role: "user", content: input });
      return;
    }
    if (!Array.isArray(input)) throw invalidRequest("`input` must be a string or an array of items");
    (input as unknown[]).forEach((item, i) => {
      if (!isObject(item)) throw invalidRequest(`\`input.${i}\` must be an object`);
      this.item(item, `input.${i}`);
    });
  }

  private item(given: JsonObject, at: string): void {
    const item = isUntypedReference(given) ? { ...given, type: "item_reference" } : given;
    const type = asString(item["type"]) ?? (item["role"] === undefined ? "" : "message");
    const role = roleOf(type);
    switch (role) {
      case "message":
        this.message(item, at);
        break;
      case "result":
        if (isCallers(item, type)) this.result(item, type, at);
        else this.add(decodeItem(item, 0, this.context).map(withUnwrappedState));
        break;
      case "call":
        if (type === "function_call") this.add([this.call(item, at)]);
        else
          this.add(
            decodeItem(item, 0, this.context).map((part) =>
              withNamespacedName(withUnwrappedState(part), item),
            ),
          );
        break;
      case "reasoning":
      case "image":
      case "opaque":
        this.add(decodeItem(item, 0, this.context).map(withUnwrappedState));
        break;
      case "unknown":
        // An item of a type unknown here: state that goes back unchanged to its source.
        if (type === "") throw invalidRequest(`\`${at}.type\` is missing`);
        this.add([
          {
            type: "reasoning",
            text: "",
            redacted: true,
            origin: { family: FAMILY, data: { ...item, type } },
          },
        ]);
        break;
      default: {
        const never: never = role;
        throw new TypeError(`Unknown role ${String(never)}`);
      }
    }
  }

  private message(item: JsonObject, at: string): void {
    const { type: _type, role, content, ...rest } = item;
    if (role === "assistant") {
      if (typeof content === "string") this.addPlain(item, at);
      else this.addText(item, at);
      return;
    }
    if (role !== "user" && role !== "system" && role !== "developer")
      throw invalidRequest(`\`${at}.role\` must be one of user, assistant, system, developer`);
    const read = typeof content === "string" ? content : decodeContent(content, `${at}.content`);
    if (role === "user") this.push({ role, content: read, ...extensionsOf(rest) });
    else {
      const others = role === "developer" ? { ...rest, role } : rest;
      this.push({ role: "system", content: textsOf(read, at), ...extensionsOf(others) });
    }
  }

  /** A plain text belongs to the turn of the items around it. Where another plain text precedes it, it begins a turn. */
  private addPlain(item: JsonObject, at: string): void {
    if (this.endsPlain) this.endTurn();
    const begins = this.turn === undefined;
    this.turn ??= [];
    this.addText(item, at);
    this.plain = begins ? item : undefined;
    this.endsPlain = true;
  }

  private addText(item: JsonObject, at: string): void {
    const { content } = item;
    if (!Array.isArray(content) && typeof content !== "string")
      throw invalidRequest(`\`${at}.content\` must be a string or an array`);
    const parts = decodeItem(item, this.turn?.length ?? 0, this.context).map(withUnwrappedState);
    this.add(withFields(parts, messagePieces(item)));
  }

  private call(item: JsonObject, at: string): ContentPart {
    const { id, name } = decodeHead(item, "function_call");
    if (name === "") throw invalidRequest(`\`${at}.name\` is missing`);
    const known = contractName(asString(item["namespace"]), name);
    if (asString(item["call_id"]) === undefined) throw invalidRequest(`\`${at}.call_id\` is missing`);
    this.names.set(id, known);
    const [read] = decodeItem(item, 0, this.context).map(withUnwrappedState);
    return read?.type === "tool-call" ? renamed(read, known) : toolCallOf(id, known, "");
  }

  private result(item: JsonObject, type: string, at: string): void {
    const part = decodeResult(item, type, at);
    const name = this.names.get(part.id);
    this.endTurn();
    this.results ??= [];
    this.results.push(name === undefined ? part : { ...part, name });
  }

  private add(parts: readonly ContentPart[]): void {
    this.endResults();
    if (parts.length === 0) return;
    this.turn ??= [];
    this.plain = undefined;
    this.endsPlain = false;
    for (const part of parts) {
      if (part.type === "tool-call") this.names.set(part.id, part.name);
      this.turn.push(part);
    }
  }

  private push(message: Message): void {
    this.end();
    this.messages.push(message);
  }

  /** Ends the current message. */
  end(): void {
    this.endTurn();
    this.endResults();
  }

  private endTurn(): void {
    if (this.turn === undefined) return;
    this.messages.push(
      this.plain === undefined ? { role: "assistant", content: this.turn } : plainTurn(this.plain),
    );
    this.turn = undefined;
    this.plain = undefined;
    this.endsPlain = false;
  }

  private endResults(): void {
    if (this.results === undefined) return;
    this.messages.push({ role: "tool", content: this.results });
    this.results = undefined;
  }
}

/** A turn of one plain text. */
function plainTurn({ type: _type, role: _role, content, phase, ...rest }: JsonObject): Message {
  const text = asString(content) ?? "";
  const known = decodePhase(phase);
  if (known === undefined) {
    const others = phase === undefined ? rest : { ...rest, phase };
    return { role: "assistant", content: text, ...extensionsOf(others) };
  }
  return { role: "assistant", content: [{ type: "text", text, phase: known }], ...extensionsOf(rest) };
}

/** A call of a tool within a namespace by the name that other vendors know, with its own name as state. */
function renamed(call: ToolCallPart, name: string): ToolCallPart {
  if (call.name === name || call.origin === undefined) return call;
  const data = { ...call.origin.data, name: call.name };
  return { ...call, name, origin: { ...call.origin, data } };
}

function withNamespacedName(part: ContentPart, item: JsonObject): ContentPart {
  return part.type === "tool-call" && part.executedBy === undefined
    ? renamed(part, contractName(asString(item["namespace"]), part.name))
    : part;
}

/** Whether a result comes from the caller. Those of a hosted shell and of a tool search on the server came with the answer. */
function isCallers(item: JsonObject, type: string): boolean {
  if (type === "tool_search_output") return item["execution"] === "client";
  return type !== "program_output";
}

const PIECE_FIELDS: ReadonlySet<string> = new Set(["type", "text", "refusal", "annotations", "logprobs"]);

/** The parts of a message, with the vendor fields of their pieces. */
function withFields(parts: readonly ContentPart[], pieces: readonly JsonObject[]): ContentPart[] {
  const said = pieces.filter(
    (piece) => (piece["type"] === "refusal" ? piece["refusal"] : piece["text"]) !== "",
  );
  let place = 0;
  return parts.map((part) => {
    if (part.type === "source") return part;
    const fields = unknownFields(said[place++] ?? {}, PIECE_FIELDS);
    return fields === undefined ? part : { ...part, extensions: { "openai-responses": fields } };
  });
}

/** State in a request names no model and no provider, unless a server wrapped another family's. */
function withUnwrappedState(part: ContentPart): ContentPart {
  return part.origin === undefined ? part : { ...part, origin: unwrapState(part.origin.data) };
}

function textsOf(content: string | readonly UserPart[], at: string) {
  if (typeof content === "string") return content;
  return content.map((part) => {
    if (part.type !== "text") throw invalidRequest(`\`${at}.content\` of instructions can have only text`);
    return part;
  });
}

/** Whether an item is a reference without its type, which is optional. */
function isUntypedReference({ type, role, id }: JsonObject): boolean {
  return (type === undefined || type === null) && role === undefined && typeof id === "string";
}
