import type { JobCodec, KindCodec } from "../core/contract/dialect.js";
import { AiLibError } from "../core/errors/error.js";
import type { Kind } from "../core/values/kinds.js";
import { codeOfMessage } from "../dialects/shared/common/errors.js";

/** The codec of an API that answers with jobs: `encode` starts one. */
export function jobCodec<K extends Kind>(encode: KindCodec<K>["encode"], job: JobCodec<K>): KindCodec<K> {
  return {
    encode,
    decode(reply, target, request) {
      const step = job.begin(reply, target, request);
      if (step.state === "done") return step.reply;
      throw malformedJob(reply.body);
    },
    job,
  };
}

/** The error of a reply that names no job and no answer. */
export function malformedJob(body: string): AiLibError {
  return new AiLibError({
    code: "INVALID_RESPONSE",
    message: "The provider returned neither a job nor an answer",
    body,
  });
}

/** How vendors say that a file is not what they can read: another attempt does not fix it. */
const BAD_FILE =
  /not (appear to )?contain (any )?audio|no audio|(could|can)not (be )?(decode|read)|corrupt|(unsupported|invalid) (file|media|audio|format)/i;

/** The error of a job that failed, by what the vendor says of it. */
export function failedJob(reason: string, body?: string): AiLibError {
  return new AiLibError({
    code: codeOfMessage(reason) ?? (BAD_FILE.test(reason) ? "INVALID_REQUEST" : "PROVIDER_ERROR"),
    message: `The provider's job failed: ${reason}`,
    body,
  });
}

/** The error of a job that somebody stopped, or that the vendor gave up. */
export function stoppedJob(word: string, body?: string): AiLibError {
  return new AiLibError({
    code: "PROVIDER_ERROR",
    message: `The provider's job ended without an answer: it is ${word}`,
    body,
  });
}
