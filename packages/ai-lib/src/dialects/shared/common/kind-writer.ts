import type { Sink } from "../../../core/contract/sink.js";
import type { AiLibError } from "../../../core/errors/error.js";
import type { KindLaws } from "../../../core/kinds/laws.js";
import type { ContentOf, StreamedKind } from "../../../core/kinds/streamed.js";
import type { EventOf, ResponseOf } from "../../../core/values/kinds.js";

/** How a dialect writes the events of a kind. */
export interface KindFrames<K extends StreamedKind> {
  content(event: ContentOf<K>): void;
  finish(response: ResponseOf<K>): void;
  fail(error: AiLibError): void;
}

/** A sink that writes the stream of a kind. An answer that comes without events is written whole. */
export function kindWriter<K extends StreamedKind>(laws: KindLaws<K>, frames: KindFrames<K>): Sink<K> {
  let any = false;
  const write = (event: EventOf<K>): void => {
    if (!laws.isContent(event)) return;
    any = true;
    frames.content(event as ContentOf<K>);
  };
  return {
    event: write,
    finish(response) {
      if (!any) for (const event of laws.replay(response)) write(event);
      frames.finish(response);
    },
    fail: (error) => frames.fail(error),
  };
}
