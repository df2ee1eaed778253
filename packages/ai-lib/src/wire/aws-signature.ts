import type { TransportRequest } from "../core/contract/transport.js";
import { configError } from "../core/errors/error.js";

/** AWS credentials for Signature Version 4. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  /** When credentials of a function expire. */
  readonly expiration?: Date | undefined;
}

/**
 * A request with a signature of version 4. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
 * @throws {AiLibError} `CONFIG_ERROR` without a region, and for a streamed body of a service other than S3.
 */
export async function sign(
  request: TransportRequest,
  service: string,
  credentials: AwsCredentials,
  region: string | undefined,
): Promise<TransportRequest> {
  if (region === undefined) throw configError("Signing for AWS needs a region: set AWS_REGION or pass one");
  const streamed =
    request.body !== undefined && typeof request.body !== "string" && !(request.body instanceof Uint8Array);
  // The signatures of S3 leave the body out.
  if (streamed && service !== "s3") throw configError("A streamed body cannot be signed");
  const { AwsV4Signer } = await import("aws4fetch");
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const datetime = new Date(request.clock.now()).toISOString().replace(/[:-]|\.\d{3}/g, "");
  const signer = new AwsV4Signer({
    method: request.method,
    url: request.url,
    headers: request.headers,
    ...(request.body === undefined || streamed ? {} : { body: request.body as string }),
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    service,
    region,
    datetime,
  });
  const signed = await signer.sign();
  return { ...request, url: signed.url.toString(), headers: Object.fromEntries(signed.headers as Headers) };
}
