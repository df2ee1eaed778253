import { asObject, asString, isObject, type JsonObject, tryParse } from "../../core/values/json.js";
import {
  jsonReply,
  refused,
  type ServiceHead,
  type ServiceHost,
  type ServiceReply,
  type ServiceRequest,
  type SimulatedService,
} from "./service.js";
import { linesOf, type SimulatedBatch, type SimulatedBatches } from "./simulated-batches.js";
import { limitOf, type SimulatedFiles } from "./simulated-files.js";

const JOB = /^\/model-invocation-job(?:\/([^/]{1,200}))?(\/stop)?$/;
const LIST = "/model-invocation-jobs";
const OBJECT = /^\/s3\/(.{1,1000})$/;

const WORDS = {
  pending: "Submitted",
  running: "InProgress",
  cancelling: "Stopping",
  done: "Completed",
  failed: "Failed",
  expired: "Expired",
  cancelled: "Stopped",
} as const satisfies Record<SimulatedBatch["state"], string>;

/** The fewest records of a job. */
const MIN_RECORDS = 100;

/**
 * Batches as Amazon Bedrock serves them, and below `/s3` the objects of S3 that hold their rows and results. Requests must
 * be signed for their service; the signature itself is not checked.
 * https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference.html
 */
export class BedrockBatches implements SimulatedService {
  constructor(
    private readonly batchesOf: (endpoint: string) => SimulatedBatches,
    private readonly filesOf: (endpoint: string) => SimulatedFiles,
  ) {}

  serves({ path }: ServiceHead): "bedrock-converse" | undefined {
    return JOB.test(path) || path === LIST || OBJECT.test(path) ? "bedrock-converse" : undefined;
  }

  answer(request: ServiceRequest, host: ServiceHost): ServiceReply {
    const { path, method, endpoint, query } = request;
    const [, key] = OBJECT.exec(path) ?? [];
    const { authorization = "" } = request.headers;
    const service = key === undefined ? "bedrock" : "s3";
    if (!authorization.startsWith("AWS4-HMAC-SHA256 ") || !authorization.includes(`/${service}/aws4_request`))
      throw refused(403, `The request is not signed for ${service}`, "PERMISSION_DENIED");
    if (key !== undefined) return this.object(request, decodeURIComponent(key));
    const batches = this.batchesOf(endpoint);
    const [, segment, stop] = JOB.exec(path) ?? [];
    if (method === "POST" && segment === undefined) return this.create(request, host);
    if (segment === undefined) {
      const all = batches.all();
      const from = query["nextToken"] === undefined ? 0 : Number(query["nextToken"]);
      const page = all.slice(from, from + limitOf(query["maxResults"], 100));
      const next = from + page.length;
      return jsonReply({
        invocationJobSummaries: page.map(objectOf),
        ...(next < all.length && { nextToken: String(next) }),
      });
    }
    const id = decodeURIComponent(segment);
    if (stop === undefined) return jsonReply(objectOf(this.asked(endpoint, id)));
    batches.cancel(id);
    return jsonReply({});
  }

  private object({ method, endpoint, body }: ServiceRequest, key: string): ServiceReply {
    const files = this.filesOf(endpoint);
    const headers = { "content-type": "application/octet-stream" };
    if (method === "PUT") {
      files.add({ id: `s3://${key}`, filename: key, mediaType: "application/jsonl", bytes: body });
      return { status: 200, headers, body: "" };
    }
    return { status: 200, headers, body: files.get(`s3://${key}`).bytes };
  }

  private create({ endpoint, body }: ServiceRequest, host: ServiceHost): ServiceReply {
    const asked = asObject(tryParse(new TextDecoder().decode(body))) ?? {};
    const input = asObject(asObject(asked["inputDataConfig"])?.["s3InputDataConfig"]);
    const output = asObject(asObject(asked["outputDataConfig"])?.["s3OutputDataConfig"]);
    const [file, model, token] = [input?.["s3Uri"], asked["modelId"], asked["clientRequestToken"]].map(
      asString,
    );
    const out = asString(output?.["s3Uri"]);
    if (
      file === undefined ||
      out === undefined ||
      model === undefined ||
      asString(asked["roleArn"]) === undefined
    )
      throw refused(400, "1 validation error detected: a required member is null");
    const batches = this.batchesOf(endpoint);
    const known = batches.all().find(({ facts }) => token !== undefined && facts["token"] === token);
    if (known !== undefined) return jsonReply({ jobArn: arnOf(known) });
    const text = new TextDecoder().decode(this.filesOf(endpoint).get(file).bytes);
    const rows = [...linesOf(text)].map(tryParse).filter(isObject);
    if (rows.length < MIN_RECORDS)
      throw refused(400, `The input has ${rows.length} records; the minimum is ${MIN_RECORDS}`);
    const verb = asked["modelInvocationType"] === "Converse" ? "converse" : "invoke";
    const created = batches.create(
      {
        id: `sim${String(host.nextId()).padStart(9, "0")}`,
        dialect: "bedrock-converse",
        facts: { file, out, model, token, name: asked["jobName"], role: asked["roleArn"] },
        rows: () =>
          rows.map((row) => ({
            key: asString(row["recordId"]) ?? "",
            path: `/model/${encodeURIComponent(model)}/${verb}`,
            body: JSON.stringify(row["modelInput"] ?? null),
          })),
      },
      rows.length,
    );
    return jsonReply({ jobArn: arnOf(created) });
  }

  /** The state of a job, for a question about it. A job that has ended has its results in S3. */
  private asked(endpoint: string, id: string): SimulatedBatch {
    const batch = this.batchesOf(endpoint).ask(id);
    const { facts, results, endedAt, state } = batch;
    const uri = `${String(facts["out"])}${id}/${String(facts["file"]).split("/").at(-1)}.out`;
    const files = this.filesOf(endpoint);
    if (endedAt !== undefined && state !== "failed")
      files.addLines({ id: uri, filename: uri }, results.filter(isAnswered), (result) => {
        const { key, outcome, status, body } = result;
        const record = { recordId: key, modelInput: {} };
        const reply = JSON.parse(body) as JsonObject;
        return JSON.stringify(
          outcome === "succeeded"
            ? { ...record, modelOutput: reply }
            : { ...record, error: { errorCode: status, errorMessage: reply["message"] ?? "" } },
        );
      });
    return batch;
  }
}

function isAnswered({ outcome }: SimulatedBatch["results"][number]): boolean {
  return outcome === "succeeded" || outcome === "failed";
}

function arnOf({ id }: SimulatedBatch): string {
  return `arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/${id}`;
}

function objectOf(batch: SimulatedBatch): JsonObject {
  const { facts, createdAt, endedAt, state, plan, counts } = batch;
  const { name, file, out, model, role } = facts as Record<string, string>;
  const ended = endedAt === undefined ? {} : { endTime: new Date(endedAt).toISOString() };
  return {
    ...{ jobArn: arnOf(batch), jobName: name ?? "", modelId: model ?? "", roleArn: role ?? "" },
    ...{ status: WORDS[state], submitTime: new Date(createdAt).toISOString(), ...ended },
    inputDataConfig: { s3InputDataConfig: { s3InputFormat: "JSONL", s3Uri: file ?? "" } },
    outputDataConfig: { s3OutputDataConfig: { s3Uri: out ?? "" } },
    totalRecordCount: counts.total,
    processedRecordCount: counts.succeeded + counts.failed,
    successRecordCount: counts.succeeded,
    errorRecordCount: counts.failed,
    ...(state === "failed" ? { message: plan.invalid ?? "invalid" } : {}),
  };
}
