import type { ServerHalf, ServerKindCodecs } from "../../../core/contract/dialect.js";
import { AiLibError } from "../../../core/errors/error.js";

/**
 * A server half whose `decode` throws only {@link AiLibError}. Any other exception, from a request of a wrong shape,
 * becomes `INVALID_REQUEST`.
 */
export function guardServer(half: ServerHalf): ServerHalf {
  const guarded: ServerHalf = {
    ...half,
    decode: guardDecode((http) => half.decode(http)),
  };
  if (half.kinds === undefined) return guarded;
  const kinds: Record<string, unknown> = {};
  for (const [kind, codec] of Object.entries(half.kinds))
    kinds[kind] = { ...codec, decode: guardDecode((http) => codec.decode(http)) };
  return { ...guarded, kinds: kinds as ServerKindCodecs };
}

type Decode<T> = (http: Parameters<ServerHalf["decode"]>[0]) => T;

function guardDecode<T>(decode: Decode<T>): Decode<T> {
  return (http) => {
    try {
      return decode(http);
    } catch (error) {
      if (AiLibError.is(error)) throw error;
      throw new AiLibError({
        code: "INVALID_REQUEST",
        message: "The request is malformed: a field has a type that the format does not allow",
        local: true,
        cause: error,
      });
    }
  };
}
