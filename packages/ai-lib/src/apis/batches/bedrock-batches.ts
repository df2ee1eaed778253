import type { RowReply, VendorBatch } from "../../core/contract/batch-service.js";
import type { JobState } from "../../core/contract/job.js";
import type { HttpRequest } from "../../core/contract/transport.js";
import { AiLibError, configError } from "../../core/errors/error.js";
import {
  asArray,
  asNumber,
  asObject,
  asString,
  entryOf,
  isObject,
  type JsonObject,
} from "../../core/values/json.js";
import { type BatchCodec, countOf, get, type NewBatch, notABatch, post, timeOf } from "./batch-codec.js";

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_GetModelInvocationJob.html */
const STATES: Readonly<Record<string, JobState>> = {
  Submitted: "pending",
  Validating: "pending",
  Scheduled: "pending",
  InProgress: "running",
  Stopping: "running",
  Completed: "done",
  PartiallyCompleted: "done",
  Failed: "failed",
  Stopped: "cancelled",
  Expired: "expired",
};

/** A place in S3: a bucket, and a prefix of keys without slashes at its ends. */
interface S3Place {
  readonly bucket: string;
  readonly prefix: string;
}

const S3_URI = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([^?#]{0,900}))?$/;

/**
 * Amazon Bedrock's batches: rows and results are files in S3, which a role of yours reads and writes. Rows are requests
 * of the Converse API, or of InvokeModel for embeddings.
 * https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference.html
 */
export function codec(variables: Readonly<Record<string, string>>): BatchCodec {
  const { region = "us-east-1", batchRole, batchFiles, s3Url, controlUrl } = variables;
  const control = withoutSlash(controlUrl ?? `https://bedrock.${region}.amazonaws.com`);
  const s3 = withoutSlash(s3Url ?? `https://s3.${region}.amazonaws.com`);

  /** A request of the control plane, which is on another host than the models. */
  const asked = (http: HttpRequest): HttpRequest => {
    const { query, ...rest } = http;
    const search = query === undefined ? "" : `?${new URLSearchParams(query)}`;
    return { ...rest, url: control + http.path + search, awsService: "bedrock" };
  };

  const place = (): S3Place => {
    const [, bucket, prefix = ""] = S3_URI.exec(batchFiles ?? "") ?? [];
    if (bucket === undefined)
      throw configError(
        "Batches of Bedrock need a place for their files: set AWS_BEDROCK_BATCH_S3_URI to s3://bucket/prefix",
      );
    return { bucket, prefix: prefix.replace(/\/$/, "") };
  };

  const uriOf = ({ bucket, prefix }: S3Place, key: string): string =>
    `s3://${bucket}/${prefix === "" ? "" : `${prefix}/`}${key}`;

  /** A request for an object, which must be below the configured place: its address may come from a reply. */
  const objectAt = (uri: string, method: "GET" | "PUT"): HttpRequest => {
    const base = uriOf(place(), "");
    const key = uri.slice(`s3://${place().bucket}/`.length);
    if (!uri.startsWith(base) || key.split("/").includes(".."))
      throw new AiLibError({
        code: "INVALID_RESPONSE",
        message: "Bedrock named a file that is not below AWS_BEDROCK_BATCH_S3_URI",
      });
    const path = `/${place().bucket}/${key.split("/").map(encodeURIComponent).join("/")}`;
    return { method, path, url: s3 + path, awsService: "s3", headers: {} };
  };

  return {
    ways: {
      file: {
        purpose: undefined,
        mediaType: "application/jsonl",
        put(token) {
          const id = uriOf(place(), `${token}/${INPUT}`);
          return { http: objectAt(id, "PUT"), id };
        },
        request: (batch, file) => asked(post("/model-invocation-job", creation(batch, file))),
      },
    },
    row: (key, _path, body) => `{"recordId":${JSON.stringify(key)},"modelInput":${body}}`,
    read: readBatch,
    get: (id) => asked(get(`/model-invocation-job/${encodeURIComponent(id)}`)),
    cancel: (id) => asked(post(`/model-invocation-job/${encodeURIComponent(id)}/stop`)),
    list: (after, limit) =>
      asked(
        get("/model-invocation-jobs", {
          sortBy: "CreationTime",
          sortOrder: "Descending",
          ...(after === undefined ? {} : { nextToken: after }),
          ...(limit === undefined ? {} : { maxResults: String(limit) }),
        }),
      ),
    readList(body) {
      const page = asObject(body);
      const batches = asArray(page?.["invocationJobSummaries"]).filter(isObject).map(readBatch);
      const next = asString(page?.["nextToken"]);
      return next === undefined || next === "" ? { batches } : { batches, next };
    },
    sources: ({ outputFile, state }) =>
      outputFile === undefined || state === "failed"
        ? []
        : [{ form: "lines", http: objectAt(outputFile, "GET") }],
    readRow,
  };

  function creation({ token, model, path, windowHours }: NewBatch, file: string): JsonObject {
    if (batchRole === undefined)
      throw configError(
        "Batches of Bedrock need a role that reads and writes their files: set AWS_BEDROCK_BATCH_ROLE_ARN",
      );
    return {
      // A request with the token of an earlier one creates nothing.
      clientRequestToken: token,
      jobName: token,
      modelId: model,
      roleArn: batchRole,
      modelInvocationType: path.endsWith("/converse") ? "Converse" : "InvokeModel",
      timeoutDurationInHours: windowHours,
      inputDataConfig: { s3InputDataConfig: { s3InputFormat: "JSONL", s3Uri: file } },
      outputDataConfig: { s3OutputDataConfig: { s3Uri: `${file.slice(0, -INPUT.length)}out/` } },
    };
  }
}

/** The name of the file with the rows. Bedrock calls that of the results after it. */
const INPUT = "rows.jsonl";

function withoutSlash(url: string): string {
  return url.endsWith("/") ? url.slice(0, -1) : url;
}

function readBatch(given: JsonObject): VendorBatch {
  const arn = asString(given["jobArn"]);
  const id = arn?.split("/").at(-1);
  // Stopping a job answers with an empty object.
  if (id === undefined || id === "") throw notABatch(given);
  const word = asString(given["status"]);
  const state = entryOf(STATES, word ?? "") ?? (word === undefined ? "pending" : "running");
  const input = asString(asObject(asObject(given["inputDataConfig"])?.["s3InputDataConfig"])?.["s3Uri"]);
  const output = asString(asObject(asObject(given["outputDataConfig"])?.["s3OutputDataConfig"])?.["s3Uri"]);
  const processed = countOf(given["processedRecordCount"]);
  const name = input?.split("/").at(-1) ?? INPUT;
  const message = asString(given["message"]);
  // A job that was stopped before its first row has no results.
  const isWritten = state === "done" || (processed ?? 0) > 0;
  return {
    id,
    state,
    word,
    counts: {
      total: countOf(given["totalRecordCount"]),
      succeeded: countOf(given["successRecordCount"]),
      failed: countOf(given["errorRecordCount"]),
    },
    createdAt: timeOf(given["submitTime"]),
    expiresAt: timeOf(given["jobExpirationTime"]),
    token: asString(given["jobName"]),
    inputFile: input,
    ...(output !== undefined && isWritten
      ? { outputFile: `${output}${output.endsWith("/") ? "" : "/"}${id}/${name}.out` }
      : {}),
    ...(message === undefined || state !== "failed" ? {} : { faults: [{ message }] }),
  };
}

/** A result is its row with the output, or with an error, beside the input. */
function readRow(row: JsonObject): RowReply {
  const key = asString(row["recordId"]);
  const output = asObject(row["modelOutput"]);
  if (output !== undefined) return { key, outcome: "succeeded", status: 200, body: JSON.stringify(output) };
  const error = asObject(row["error"]);
  const status = asNumber(error?.["errorCode"]) ?? 500;
  const message = asString(error?.["errorMessage"]) ?? "no reason";
  const isStatus = status >= 400 && status < 600;
  return { key, outcome: "failed", status: isStatus ? status : 500, body: JSON.stringify({ message }) };
}
