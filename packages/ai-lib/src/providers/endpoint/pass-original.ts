import type { Call } from "../../core/contract/call.js";
import type { ClientHalf, DialectTarget, Encoded, KindCodec } from "../../core/contract/dialect.js";
import { valueOr } from "../../core/contract/guard.js";
import type { OriginalRequest } from "../../core/contract/original.js";
import type { HeaderFields, HttpRequest } from "../../core/contract/transport.js";
import { asObject, type Json, type JsonObject, tryParse } from "../../core/values/json.js";
import type { Kind } from "../../core/values/kinds.js";
import { type AddedFields, addedFields, appendFields } from "../../wire/append-fields.js";
import { editBytes } from "../../wire/edit-bytes.js";
import { splicedModel } from "../../wire/splice-model.js";
import type { ProviderData } from "./data.js";
import { encodeFor } from "./encode-kind.js";

/** Headers of clients that affect how the body is read; all others, such as the key, are not forwarded. */
const PASSED_HEADERS: ReadonlySet<string> = new Set([
  "content-type",
  "anthropic-version",
  "anthropic-beta",
  "openai-beta",
]);

/** Prefixes of headers with which SDKs describe themselves. */
const PASSED_PREFIX = "x-stainless-";

/** Query parameters that affect how a request is read. */
const PASSED_QUERY: ReadonlySet<string> = new Set(["beta"]);

/** A request whose bytes pass. */
export interface PassedRequest {
  readonly http: HttpRequest;
  /** Headers of the client, which override those of the endpoint. */
  readonly headers: HeaderFields;
  /** It asks for usage, which the client's bytes do not. */
  readonly addsUsage: boolean;
}

/** Where and how a dialect sends requests of one kind. */
interface RequestForm {
  readonly http: HttpRequest;
  /** The model is in the body, and not in the path. */
  readonly named: boolean;
  /** The field of the body that limits the answer's tokens; undefined where it is within another field. */
  readonly limit: string | undefined;
  /** The field with which a stream is asked for usage; undefined where none is needed. */
  readonly usage: JsonObject | undefined;
  /** The headers of the latest client that passed: most requests have the same. */
  passed: HeaderFields;
  /** The fields of the latest request that got some. */
  added: FormAddition | undefined;
}

/** Fields that are appended to the bytes of a client. */
interface FormAddition {
  readonly limit: number | undefined;
  readonly usage: boolean;
  readonly fields: AddedFields;
}

/** The forms of chats by mode and model, of one provider. */
export type RequestForms = Map<string, RequestForm>;

/** The most models whose forms are cached. */
const MAX_FORMS = 256;

/** What decides whether bytes pass. */
export interface PassContext {
  readonly forms: RequestForms;
  readonly half: ClientHalf;
  readonly codec: KindCodec<Kind> | undefined;
  readonly data: ProviderData;
  readonly target: DialectTarget;
}

/**
 * The request of a server's client for the target: its bytes with the target's model, where the client speaks the
 * dialect of the target and the call is the request that the bytes express. A limit of the answer's tokens that the
 * server adds to a chat without one is appended to the bytes, and what asks for usage where the server needs it.
 * @returns undefined where the request must be encoded
 */
export function passOriginal(call: Call, context: PassContext): PassedRequest | undefined {
  const { original } = call.context;
  if (original === undefined || !passes(call, original, context)) return undefined;
  const { bytes, headers, query } = original.http;
  if (bytes === undefined) return undefined;
  const form = valueOr(undefined, () => formOf(call, context));
  if (form === undefined) return undefined;
  const addsUsage = original.needsUsage === true && form.usage !== undefined;
  const body = bodyFor(bytes, form, context.target.model, {
    limit: addedLimit(call.request, original.request),
    usage: addsUsage,
  });
  if (body === undefined) return undefined;
  return {
    http: { bytes: body, ...form.http, ...queryOf(form.http.query, query) },
    headers: passedHeaders(headers, form),
    addsUsage,
  };
}

/** The query of the dialect with the parameters of a client that pass; nothing where there are none. */
function queryOf(own: HeaderFields | undefined, given: HeaderFields = {}): { readonly query?: HeaderFields } {
  let query = own;
  for (const name in given) if (PASSED_QUERY.has(name)) query = { ...query, [name]: given[name] ?? "" };
  return query === undefined ? {} : { query };
}

/** The headers of a client that pass. Equal headers are the same object, as {@link HeaderFields} explains. */
function passedHeaders(given: HeaderFields, form: RequestForm): HeaderFields {
  const passed: Record<string, string> = {};
  for (const name in given) {
    const value = given[name];
    if (value !== undefined && (PASSED_HEADERS.has(name) || name.startsWith(PASSED_PREFIX)))
      passed[name] = value;
  }
  if (!isSameFields(passed, form.passed)) form.passed = passed;
  return form.passed;
}

function isSameFields(some: HeaderFields, others: HeaderFields): boolean {
  let left = 0;
  for (const name in others) {
    if (some[name] !== others[name]) return false;
    left++;
  }
  for (const _ in some) left--;
  return left === 0;
}

const NO_HEADERS: HeaderFields = Object.freeze({});

function passes(call: Call, original: OriginalRequest, { half, codec, data, target }: PassContext): boolean {
  const { kind, mode, context } = call;
  if (original.dialect !== half.id || original.kind !== kind || original.mode !== mode) return false;
  if (call.continues !== undefined || context.includeRaw) return false;
  if (data.ownDialect !== true && Object.keys(target.quirks).length > 0) return false;
  if (kind !== "chat" && (codec === undefined || codec !== half.kinds?.[kind] || codec.job !== undefined))
    return false;
  if (kind !== "chat" && mode === "stream" && codec?.stream === undefined) return false;
  const limit = kind === "chat" && addedLimit(call.request, original.request) !== undefined;
  return isSameBut(call.request, original.request, limit);
}

/** The limit of the answer's tokens that a request has and the original has not. */
function addedLimit(request: object, original: object): number | undefined {
  const { maxTokens } = request as { readonly maxTokens?: number | undefined };
  return (original as { readonly maxTokens?: number | undefined }).maxTokens === undefined
    ? maxTokens
    : undefined;
}

/**
 * The bytes with the target's model, where the body has it, and with what is added: a limit of the answer's tokens, and
 * a request for usage.
 * @returns undefined where the limit has no field of its own, or the bytes may have one of the fields, and where the
 *   model is not found
 */
function bodyFor(
  bytes: Uint8Array,
  form: RequestForm,
  model: string,
  more: Omit<FormAddition, "fields">,
): Uint8Array | undefined {
  const renamed = form.named ? splicedModel(bytes, model) : undefined;
  if (form.named && renamed === undefined) return undefined;
  if (more.limit === undefined && !more.usage)
    return renamed === undefined ? bytes : editBytes(bytes, renamed);
  const fields = additionOf(form, more);
  const appended = fields === undefined ? undefined : appendFields(bytes, fields);
  if (appended === undefined) return undefined;
  return renamed === undefined ? editBytes(bytes, appended) : editBytes(bytes, renamed, appended);
}

/** The fields that are added; undefined where the limit has no field of its own. */
function additionOf(
  form: RequestForm,
  { limit, usage }: Omit<FormAddition, "fields">,
): AddedFields | undefined {
  const { added } = form;
  if (added !== undefined && added.limit === limit && added.usage === usage) return added.fields;
  if (limit !== undefined && form.limit === undefined) return undefined;
  const fields = addedFields({
    ...(limit !== undefined && form.limit !== undefined && { [form.limit]: limit }),
    ...(usage && form.usage),
  });
  form.added = { limit, usage, fields };
  return fields;
}

/** Whether a request is another one with at most another model and, if so allowed, a limit: its fields are the same values. */
function isSameBut(request: object, original: object, limit: boolean): boolean {
  if (request === original) return true;
  const [own, others] = [request as Record<string, unknown>, original as Record<string, unknown>];
  for (const name in own)
    if (name !== "model" && !(limit && name === "maxTokens") && own[name] !== others[name]) return false;
  for (const name in others) if (!(name in own)) return false;
  return true;
}

/** Where and how the dialect sends such a request: as it does a short chat, or the request itself. */
function formOf({ kind, mode, request }: Call, { half, codec, target, forms }: PassContext): RequestForm {
  const { model } = target;
  if (kind !== "chat" && codec !== undefined)
    return readForm(encodeFor(codec, mode, request, target), undefined);
  const key = `${mode} ${model}`;
  const known = forms.get(key);
  if (known !== undefined) return known;
  const messages = [{ role: "user", content: "." }] as const;
  const sample = half.encode({ messages, model, maxTokens: SAMPLE_LIMIT }, mode, target);
  const form = readForm(sample, half.usageField);
  if (forms.size >= MAX_FORMS) forms.clear();
  forms.set(key, form);
  return form;
}

/** The limit of the chats that show where their dialect has it. */
const SAMPLE_LIMIT = 4_321;

function readForm({ http }: Encoded, usageField: string | undefined): RequestForm {
  const { body, bytes: _bytes, ...rest } = http;
  const fields = asObject(tryParse(body ?? "")) ?? {};
  const [limit, other] = Object.keys(fields).filter((name) => fields[name] === SAMPLE_LIMIT);
  const usage: Json | undefined = usageField === undefined ? undefined : fields[usageField];
  return {
    http: rest,
    named: fields["model"] !== undefined,
    limit: other === undefined ? limit : undefined,
    usage: usageField === undefined || usage === undefined ? undefined : { [usageField]: usage },
    passed: NO_HEADERS,
    added: undefined,
  };
}
