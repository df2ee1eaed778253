import { AiLibError } from "../core/errors/error.js";

/**
 * Pieces as a body of `fetch`, which asks for one after the other.
 * @param onEnd called after the last piece, and with the error of a source that failed
 */
export function uploadOf(
  chunks: AsyncIterator<Uint8Array>,
  onEnd: (error?: AiLibError) => void,
): RequestInit & { readonly duplex: "half" } {
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
    try {
      const step = await chunks.next();
      if (step.done === true) {
        onEnd();
        controller.close();
      } else controller.enqueue(step.value);
    } catch (error) {
      onEnd(AiLibError.from(error, "FILE_ERROR"));
      controller.error(error);
    }
  };
  return { body: new ReadableStream<Uint8Array>({ pull }), duplex: "half" };
}
