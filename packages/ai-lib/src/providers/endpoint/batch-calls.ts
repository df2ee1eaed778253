import type { BatchCodec, NewBatch, ResultPage, RowsRequest } from "../../apis/batches/batch-codec.js";
import { loadBatchApi } from "../../apis/batches/index.js";
import type { BatchApi } from "../../apis/batches/names.js";
import type {
  BatchFacts,
  BatchInput,
  BatchPage,
  BatchProgress,
  BatchService,
  BatchSought,
  FoundBatch,
  ListBatchesOptions,
  RowCodec,
  RowReply,
  VendorBatch,
} from "../../core/contract/batch-service.js";
import { type Call, type CallContext, type CallOptions, contextOf } from "../../core/contract/call.js";
import type { ClientHalf, DialectTarget, KindCodec } from "../../core/contract/dialect.js";
import type { FileStore } from "../../core/contract/file.js";
import type { HttpReply, HttpRequest } from "../../core/contract/transport.js";
import type { FileUpload } from "../../core/contract/upload.js";
import { AiLibError, configError } from "../../core/errors/error.js";
import { parseBody } from "../../core/errors/parse-body.js";
import type { KindLaws } from "../../core/kinds/laws.js";
import { isObject, tryParse } from "../../core/values/json.js";
import type { Kind } from "../../core/values/kinds.js";
import type { ModelFacts, Price } from "../../core/values/model.js";
import { costOf } from "../../core/values/price.js";
import type { Usage } from "../../core/values/usage.js";
import { arrayBody, linesOf } from "./batch-lines.js";
import { EndpointRows } from "./batch-rows.js";
import type { PreparedRequest } from "./requests.js";

/** What batches need of their endpoint. */
export interface BatchEndpoint {
  readonly provider: string;
  readonly facts: BatchFacts;
  readonly variables: Readonly<Record<string, string>>;
  kind(kind: Kind): Promise<{ readonly half: ClientHalf; readonly codec: KindCodec<Kind> | undefined }>;
  model(kind: Kind): string | undefined;
  target(model: string, context: CallContext): DialectTarget;
  factsOf(model: string): ModelFacts | undefined;
  place(http: HttpRequest, call: Call, model: string): HttpRequest;
  /** The list price of a model, where it is known. */
  price(model: string): Price | undefined;
  /** US dollars by a source of prices that knows the tier of batches. */
  cost(model: string, usage: Usage, at: number): number | undefined;
  /** The vendor's file store, where it has one. */
  readonly files: FileStore | undefined;
  send<T>(http: PreparedRequest, context: CallContext, decode: (reply: HttpReply) => T): Promise<T>;
  /** Sends a request and resolves to the body of its reply as a stream. */
  read(http: HttpRequest, context: CallContext): Promise<AsyncIterable<Uint8Array>>;
}

/** Pages of a vendor's list that are searched for a batch. */
const SEARCHED_PAGES = 20;

/** Clocks differ: a batch may seem to be older than the request that created it. */
const CLOCK_MS = 120_000;

/** The batches of one endpoint, by the API that its data name. */
export async function openBatches(api: BatchApi, endpoint: BatchEndpoint): Promise<BatchService> {
  return new BatchCalls(endpoint, await loadBatchApi(api, endpoint.variables));
}

/** The batches of one endpoint. */
class BatchCalls implements BatchService {
  readonly facts: BatchFacts;

  constructor(
    private readonly endpoint: BatchEndpoint,
    private readonly codec: BatchCodec,
  ) {
    this.facts = endpoint.facts;
  }

  model(kind: Kind): string | undefined {
    return this.endpoint.model(kind);
  }

  async rows<K extends Kind>(laws: KindLaws<K>, options?: CallOptions): Promise<RowCodec<K>> {
    const { endpoint } = this;
    const { half, codec } = await endpoint.kind(laws.kind);
    if (!this.facts.kinds.includes(laws.kind) || (codec === undefined && laws.kind !== "chat"))
      throw new AiLibError({
        code: "UNSUPPORTED_FEATURE",
        message: `Batches of ${endpoint.provider} have no rows of the kind "${laws.kind}"; they may be ${this.facts.kinds.join(", ")}`,
        local: true,
      });
    const context = contextOf(options);
    return new EndpointRows(laws, {
      half,
      codec,
      context,
      target: (model) => endpoint.target(model, context),
      facts: (model) => endpoint.factsOf(model),
      place: (http, call, model) => endpoint.place(http, call, model),
      refusal: (path) => this.codec.refusal?.(path),
      write: (key, path, body) => this.codec.row(key, path, body),
      cost: (model, usage) => this.cost(model, usage, context.clock.now()),
    });
  }

  async create(
    input: BatchInput,
    save: (progress: BatchProgress) => Promise<void>,
    options?: CallOptions,
  ): Promise<VendorBatch> {
    const context = contextOf(options);
    const { token, model, path, windowHours, webhook, progress = {} } = input;
    const batch: NewBatch = { token, model, path, windowHours, webhook };
    const { inline, file, pages } = this.codec.ways;
    if (
      inline !== undefined &&
      progress.file === undefined &&
      input.rows <= inline.rows &&
      input.bytes <= inline.bytes
    ) {
      const { http, head, tail } = inline.request(batch);
      if (inline.reshape !== undefined) {
        const rows: string[] = [];
        for await (const line of linesOf(input.lines())) rows.push(inline.reshape(line));
        return this.ask({ ...http, body: head + rows.join(",") + tail }, context);
      }
      const { body, length } = arrayBody(head, input, tail);
      const headers = { ...http.headers, "content-length": String(length) };
      return this.ask({ ...http, headers, pieces: body }, context);
    }
    if (file !== undefined) {
      const id = progress.file ?? (await this.upload(input, file, options));
      if (progress.file === undefined) await save({ file: id });
      return this.ask(file.request(batch, id), context);
    }
    if (pages === undefined) throw this.tooLarge();
    const begun = progress.batch;
    const made = await this.ask(begun === undefined ? pages.create(batch) : this.codec.get(begun), context);
    if (begun === undefined) await save({ batch: made.id });
    const there = made.counts.total ?? 0;
    for await (const page of pagesOf(input, there, pages)) await this.add(pages.add(made.id), page, context);
    return made;
  }

  async find(sought: BatchSought, options?: CallOptions): Promise<FoundBatch | undefined> {
    const { token, file, rows, since, others } = sought;
    let possible: VendorBatch | undefined;
    let after: string | undefined;
    for (let page = 0; page < SEARCHED_PAGES; page++) {
      const { batches, next } = await this.list({ ...options, after, limit: 100 });
      for (const batch of batches) {
        const named = batch.token === token;
        if (named || (file !== undefined && batch.inputFile === file)) return this.found(batch, rows);
        const fits = batch.counts.total === rows && (batch.createdAt ?? 0) >= since - CLOCK_MS;
        if (fits && !this.keepsNames() && !others.has(batch.id)) possible ??= batch;
      }
      const older = batches.every(({ createdAt }) => createdAt !== undefined && createdAt < since - CLOCK_MS);
      if (next === undefined || older) break;
      after = next;
    }
    return possible && { batch: possible, certain: false };
  }

  get(id: string, options?: CallOptions): Promise<VendorBatch> {
    return this.ask(this.codec.get(id), contextOf(options));
  }

  async cancel(id: string, options?: CallOptions): Promise<VendorBatch> {
    const context = contextOf(options);
    const answer = await this.endpoint.send(this.codec.cancel(id), context, ({ body }) => tryParse(body));
    // Google answers with an empty object.
    const told = isObject(answer) && Object.keys(answer).length > 0;
    return told ? this.codec.read(answer) : this.ask(this.codec.get(id), context);
  }

  list(options: ListBatchesOptions = {}): Promise<BatchPage> {
    const { after, limit, ...call } = options;
    return this.endpoint.send(this.codec.list(after, limit), contextOf(call), ({ body }) =>
      this.codec.readList(tryParse(body)),
    );
  }

  async *results(batch: VendorBatch, options?: CallOptions): AsyncGenerator<RowReply> {
    const context = contextOf(options);
    for (const row of batch.rows ?? []) yield this.codec.readRow(row);
    for (const source of this.codec.sources(batch)) {
      if (source.form === "lines") {
        for await (const line of linesOf(await this.endpoint.read(source.http, context))) {
          const row = tryParse(line);
          if (isObject(row)) yield this.codec.readRow(row);
        }
        continue;
      }
      let http: HttpRequest | undefined = source.http;
      while (http !== undefined) {
        const page: ResultPage = await this.endpoint.send(http, context, ({ body }) =>
          source.read(parseBody(body)),
        );
        for (const row of page.rows) if (isObject(row)) yield this.codec.readRow(row);
        http = page.next;
      }
    }
  }

  /** US dollars at the price of batches: the tier's own, else the vendor's share of the list price. */
  private cost(model: string, usage: Usage, at: number): number | undefined {
    const { endpoint, facts } = this;
    const own = endpoint.price(model);
    const listed = own ?? endpoint.factsOf(model)?.price;
    const known = own === undefined ? endpoint.cost(model, usage, at) : undefined;
    if (known !== undefined || listed === undefined) return known;
    const share = listed.tiers?.["batch"] ?? facts.price;
    if (share === undefined) return undefined;
    return costOf(usage, { ...listed, tiers: { ...listed.tiers, batch: share } }, { tier: "batch" });
  }

  private found(batch: VendorBatch, rows: number): FoundBatch {
    const whole = this.codec.ways.pages === undefined || batch.counts.total === rows;
    return { batch, certain: true, progress: whole ? undefined : { batch: batch.id } };
  }

  /** Whether a batch of this vendor can be recognized by its name or its file. */
  private keepsNames(): boolean {
    const { inline, file, pages } = this.codec.ways;
    return file !== undefined || pages !== undefined || inline === undefined;
  }

  private async upload(
    input: BatchInput,
    { purpose, mediaType, put }: NonNullable<BatchCodec["ways"]["file"]>,
    options: CallOptions | undefined,
  ): Promise<string> {
    const { files, provider } = this.endpoint;
    if (put !== undefined) {
      const { http, id } = put(input.token);
      const headers = { "content-type": mediaType, "content-length": String(input.bytes) };
      const pieces = input.lines();
      await this.endpoint.send({ ...http, headers, pieces }, contextOf(options), () => undefined);
      return id;
    }
    if (files === undefined)
      throw configError(`Batches of ${provider} need its file store, which its data do not name`);
    const stored = await files.upload(fileOf(input, mediaType), {
      ...options,
      ...(purpose === undefined ? {} : { purpose }),
    });
    return stored.id;
  }

  private ask(http: PreparedRequest, context: CallContext): Promise<VendorBatch> {
    return this.endpoint.send(http, context, (reply) => this.codec.read(parseBody(reply.body)));
  }

  private async add({ http, head, tail }: RowsRequest, lines: readonly string[], context: CallContext) {
    await this.endpoint.send({ ...http, body: head + lines.join(",") + tail }, context, () => undefined);
  }

  private tooLarge(): AiLibError {
    return new AiLibError({
      code: "INVALID_REQUEST",
      message: `The batch has more rows or bytes than ${this.endpoint.provider} takes at a time: ${this.facts.rows} rows, ${this.facts.bytes} bytes`,
      local: true,
    });
  }
}

/** The rows of a batch as a file. */
function fileOf(input: BatchInput, mediaType: string): FileUpload {
  return { content: input.lines(), size: input.bytes, filename: `${input.token}.jsonl`, mediaType };
}

/** The rows after those that the vendor has, in pages. */
async function* pagesOf(
  input: BatchInput,
  there: number,
  { rows, bytes }: { readonly rows: number; readonly bytes: number },
): AsyncGenerator<readonly string[]> {
  let page: string[] = [];
  let size = 0;
  let at = 0;
  for await (const line of linesOf(input.lines())) {
    if (at++ < there) continue;
    if (page.length > 0 && (page.length === rows || size + line.length > bytes)) {
      yield page;
      page = [];
      size = 0;
    }
    page.push(line);
    size += line.length;
  }
  if (page.length > 0) yield page;
}
