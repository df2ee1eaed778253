import type { BatchRow } from "../core/contract/batch-job.js";
import type { EncodedRow, RowCodec } from "../core/contract/batch-service.js";
import type { BatchStore, LineWriter } from "../core/contract/batch-store.js";
import type { CallOptions } from "../core/contract/call.js";
import { namesModel } from "../core/contract/call-facts.js";
import { AiLibError, invalidRequest } from "../core/errors/error.js";
import { provideChatChecks } from "../core/kinds/chat/provide.js";
import { checkedRequest } from "../core/run/checked-request.js";
import { toChatRequest } from "../core/values/chat-request.js";
import type { Kind, RequestOf } from "../core/values/kinds.js";
import type { Choice } from "./choose.js";
import type { KindTable } from "./kinds.js";
import { files, type JobRecord, type PartRecord, rowKey } from "./record.js";
import { type Item, writeItem, writeResult } from "./result-line.js";
import { writeLine } from "./stored-lines.js";
import { Tally } from "./tally.js";

provideChatChecks();

/** What storing items needs. */
export interface SpoolOptions {
  readonly store: BatchStore;
  readonly kinds: KindTable;
  readonly call: CallOptions;
  /** Rows that are too few for a batch become live calls, and are no error. */
  readonly mayCall: boolean;
  /** Who answers rows of a kind and a model. */
  choose(kind: string, model: string | undefined): Choice;
}

/** Rows of one part, and how they are written. */
interface Group {
  readonly choice: Choice;
  readonly kind: Kind;
  readonly model: string;
  /** Undefined for live calls. */
  readonly codec: RowCodec | undefined;
  /** Parts that are being filled, by the path of their rows. */
  readonly open: Map<string, OpenPart>;
  /** Paths of which a part is full. */
  readonly full: Set<string>;
}

interface OpenPart {
  readonly record: PartRecord;
  readonly items: LineWriter;
  readonly rows: LineWriter | undefined;
}

/** Bytes of a text in UTF-8. */
const encoder = new TextEncoder();
const scratch = new Uint8Array(64 * 1024);

function bytesOf(text: string): number {
  // The usual row fits; a longer one is encoded whole.
  const { read, written } = encoder.encodeInto(text, scratch);
  return read === text.length ? written : encoder.encode(text).length;
}

/** Stores items as the parts of a job: by provider, model and kind, within the limits of the vendors. */
export class Spool {
  private readonly groups = new Map<string, Group>();
  private readonly writers = new Set<LineWriter>();
  private refused:
    | { readonly record: PartRecord; readonly results: LineWriter; readonly tally: Tally }
    | undefined;

  constructor(
    private readonly job: JobRecord,
    private readonly options: SpoolOptions,
  ) {}

  /**
   * Adds an item. One that cannot be a row gets its error as its result.
   * @throws {AiLibError} where no provider takes rows of its kind.
   */
  async add(row: BatchRow): Promise<void> {
    const index = this.job.total++;
    const kind = row.kind ?? "chat";
    const id = row.id ?? String(index);
    const laws = this.options.kinds.get(kind);
    let request: RequestOf;
    try {
      const given = kind === "chat" ? toChatRequest(row.request as never) : row.request;
      request = checkedRequest(laws, given as RequestOf);
    } catch (error) {
      return this.refuse({ index, id, request: { messages: [] } }, kind, AiLibError.from(error));
    }
    const group = await this.groupOf(kind, request);
    const item: Item = { index, id, request };
    if (group.codec === undefined) {
      const part = group.open.get("") ?? (await this.openPart(group, ""));
      part.record.rows++;
      const line = writeItem(item);
      part.record.bytes += line.length + 1;
      return writeLine(part.items, line);
    }
    let encoded: EncodedRow;
    try {
      encoded = group.codec.encode(request, group.model);
    } catch (error) {
      return this.refuse(item, kind, AiLibError.from(error));
    }
    return this.write(group, group.codec, item, encoded);
  }

  private async write(group: Group, codec: RowCodec, item: Item, encoded: EncodedRow): Promise<void> {
    const { path, body, warnings } = encoded;
    const { batches, id } = group.choice;
    const most = batches?.facts ?? { rows: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY };
    const size = bytesOf(body);
    const whole = size + path.length + ENVELOPE_BYTES;
    if (whole > most.bytes)
      return this.refuse(
        item,
        group.kind,
        invalidRequest(`The row has ${size} bytes, and a batch of ${id} takes ${most.bytes}`),
      );
    let part = group.open.get(path);
    if (part !== undefined && (part.record.rows >= most.rows || part.record.bytes + whole > most.bytes)) {
      await this.closePart(group, part);
      group.full.add(path);
      part = undefined;
    }
    part ??= await this.openPart(group, path);
    const { record } = part;
    const line = codec.line(rowKey(record.token, record.rows), encoded);
    record.rows++;
    record.bytes += size + line.length - body.length + 1;
    await writeLine(part.items, writeItem({ ...item, warnings }));
    if (part.rows !== undefined) await writeLine(part.rows, line);
  }

  /**
   * Makes everything durable.
   * @throws {AiLibError} `INVALID_REQUEST` for rows that are too few for a batch of their vendor.
   */
  async end(): Promise<void> {
    for (const group of this.groups.values())
      for (const part of [...group.open.values()]) {
        this.checkRows(group, part.record);
        await this.closePart(group, part);
      }
    if (this.refused === undefined) return;
    const { record, results, tally } = this.refused;
    await this.closeWriter(results);
    tally.close(record);
  }

  /** Discards what was stored. */
  async abort(): Promise<void> {
    for (const writer of this.writers) await writer.abort().catch(() => undefined);
    this.writers.clear();
  }

  private async groupOf(kind: Kind, request: RequestOf): Promise<Group> {
    const asked = request as { readonly model?: string | undefined };
    const model = namesModel(asked) ? asked.model : undefined;
    const key = JSON.stringify([kind, model ?? null]);
    const known = this.groups.get(key);
    if (known !== undefined) return known;
    const choice = this.options.choose(kind, model);
    const laws = this.options.kinds.get(kind);
    const codec =
      choice.executor === "live" ? undefined : await choice.batches?.rows(laws, this.options.call);
    if (codec !== undefined && choice.model === "")
      throw invalidRequest(`Rows of the kind "${kind}" name no model, and ${choice.id} has no default`);
    const group: Group = { choice, kind, model: choice.model, codec, open: new Map(), full: new Set() };
    this.groups.set(key, group);
    return group;
  }

  private async openPart({ choice, kind, model, codec, open }: Group, path: string): Promise<OpenPart> {
    const { id } = this.job;
    const number = this.job.parts.length + 1;
    const { executor, why, windowHours, preferred } = choice;
    const record: PartRecord = {
      ...{ number, executor, why, windowHours, kind, model, path },
      token: `${id}-${number}`,
      provider: choice.id,
      rows: 0,
      bytes: 0,
      done: 0,
      state: "ready",
      ...(preferred === true ? { preferred } : {}),
    };
    this.job.parts.push(record);
    const { store } = this.options;
    const items = await store.write(id, files.items(number));
    const rows = codec === undefined ? undefined : await store.write(id, files.rows(number));
    this.writers.add(items);
    if (rows !== undefined) this.writers.add(rows);
    const part = { record, items, rows };
    open.set(path, part);
    return part;
  }

  /** Rows that are too few for a batch, such as those behind a full one, become live calls. */
  private checkRows({ choice: { batches, id }, codec, full }: Group, record: PartRecord): void {
    const { minRows = 1 } = batches?.facts ?? {};
    if (codec === undefined || record.rows >= minRows) return;
    const few = `a batch of ${id} needs at least ${minRows} rows, and these are ${record.rows}`;
    if (!this.options.mayCall && !full.has(record.path))
      throw invalidRequest(
        `The rows are too few: ${few}. The executors "auto" and "live" make calls instead`,
      );
    record.executor = "live";
    record.why = few;
    record.path = "";
    record.windowHours = 0;
  }

  private async closePart({ open }: Group, { items, rows, record }: OpenPart): Promise<void> {
    await this.closeWriter(items);
    if (rows !== undefined) await this.closeWriter(rows);
    for (const [path, part] of open) if (part.record === record) open.delete(path);
  }

  private async closeWriter(writer: LineWriter): Promise<void> {
    this.writers.delete(writer);
    await writer.end();
  }

  /** Gives a row its result without sending it. All such rows are one part. */
  private async refuse(item: Item, kind: string, error: AiLibError): Promise<void> {
    if (this.refused === undefined) {
      const number = this.job.parts.length + 1;
      const record: PartRecord = {
        ...{ number, kind, executor: "live", provider: "", model: "", path: "", windowHours: 0 },
        token: `${this.job.id}-${number}`,
        why: "these rows cannot be sent",
        ...{ rows: 0, bytes: 0, done: 0, state: "ready" as const },
      };
      this.job.parts.push(record);
      const results = await this.options.store.write(this.job.id, files.results(number));
      this.writers.add(results);
      this.refused = { record, results, tally: new Tally() };
    }
    const { record, results, tally } = this.refused;
    const result = { outcome: "failed", error } as const;
    record.rows++;
    tally.add(result);
    await writeLine(results, writeResult(item, result));
  }
}

/** Bytes around the body and the path of a row, at most. */
const ENVELOPE_BYTES = 300;
