import type { BatchPage, RowReply, VendorBatch } from "../../core/contract/batch-service.js";
import type { HttpRequest } from "../../core/contract/transport.js";
import { AiLibError } from "../../core/errors/error.js";
import { asNumber, asString, type JsonObject } from "../../core/values/json.js";

/** A batch to create, as far as its request says it. */
export interface NewBatch {
  readonly token: string;
  readonly model: string;
  /** Path of the rows' endpoint, as the dialect writes it. */
  readonly path: string;
  readonly windowHours: number;
  readonly webhook?: string | undefined;
}

/** A request whose body is its head, the rows with commas between them, and its tail. */
export interface RowsRequest {
  readonly http: HttpRequest;
  readonly head: string;
  readonly tail: string;
}

/** A page of results. */
export interface ResultPage {
  readonly rows: readonly unknown[];
  readonly next?: HttpRequest | undefined;
}

/** Where results are read from. */
export type ResultSource =
  /** A body with one result a line. */
  | { readonly form: "lines"; readonly http: HttpRequest }
  /** Pages of JSON. */
  | {
      readonly form: "pages";
      readonly http: HttpRequest;
      read(page: JsonObject): ResultPage;
    };

/** How rows reach a vendor. */
export interface BatchWays {
  /** Rows within the request that creates the batch, up to these numbers. */
  readonly inline?: {
    readonly rows: number;
    readonly bytes: number;
    request(batch: NewBatch): RowsRequest;
    /** A row in the form that it has within a request, if that differs from its line. */
    reshape?(line: string): string;
  };
  /** Rows in a file of the vendor's store, which a request names. */
  readonly file?: {
    readonly purpose: string | undefined;
    readonly mediaType: string;
    request(batch: NewBatch, file: string): HttpRequest;
    /** The request that stores the file, and its id, where the vendor has another place for it than its file store. */
    put?(token: string): { readonly http: HttpRequest; readonly id: string };
  };
  /** Rows that are added, some at a time, to a batch that was created empty. */
  readonly pages?: {
    readonly rows: number;
    readonly bytes: number;
    create(batch: NewBatch): HttpRequest;
    add(id: string): RowsRequest;
  };
}

/** How one API of batches is written and read. Pure. */
export interface BatchCodec {
  readonly ways: BatchWays;
  /** Why rows of an endpoint cannot be in a batch, by its path; undefined for those that can. Default: all can. */
  refusal?(path: string): string | undefined;
  /** A row as one line. @param body the request of its endpoint, as JSON text */
  row(key: string, path: string, body: string): string;
  /** @throws {AiLibError} `INVALID_RESPONSE` for what is no batch. */
  read(body: JsonObject): VendorBatch;
  get(id: string): HttpRequest;
  cancel(id: string): HttpRequest;
  list(after: string | undefined, limit: number | undefined): HttpRequest;
  readList(body: unknown): BatchPage;
  /** Where the results of a batch are that did not come with it. */
  sources(batch: VendorBatch): readonly ResultSource[];
  readRow(row: JsonObject): RowReply;
}

/** A GET of a path. */
export function get(path: string, query?: Readonly<Record<string, string>>): HttpRequest {
  return query === undefined || Object.keys(query).length === 0
    ? { method: "GET", path, headers: {} }
    : { method: "GET", path, headers: {}, query };
}

/** A POST of JSON. */
export function post(path: string, body?: JsonObject): HttpRequest {
  return body === undefined
    ? { method: "POST", path, headers: {} }
    : { method: "POST", path, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

/** A segment of a path: an id of a vendor is text from the network. */
export function segment(id: string): string {
  return encodeURIComponent(id);
}

/** Epoch milliseconds of a time in seconds, or of a date. */
export function timeOf(value: unknown): number | undefined {
  const seconds = asNumber(value);
  if (seconds !== undefined) return seconds * 1000;
  const ms = Date.parse(asString(value) ?? "");
  return Number.isNaN(ms) ? undefined : ms;
}

/** A count that may be written as a text. */
export function countOf(value: unknown): number | undefined {
  const count = typeof value === "string" && value !== "" ? Number(value) : asNumber(value);
  return count !== undefined && Number.isFinite(count) ? count : undefined;
}

/** The error of a reply that is no batch. */
export function notABatch(body: unknown): AiLibError {
  return new AiLibError({
    code: "INVALID_RESPONSE",
    message: "The provider returned no batch",
    body: JSON.stringify(body)?.slice(0, 2_000),
  });
}
