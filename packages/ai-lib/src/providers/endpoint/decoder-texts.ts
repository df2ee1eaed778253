import type { StreamDecoder, TextFrames } from "../../core/contract/dialect.js";
import type { TextReader } from "../../wire/text-runs.js";

/** Characters of a frame that are no content, such as ids and usage, and are usual in every frame. */
export const USUAL_FIELDS = 1_024;

/** How texts are passed to a decoder. */
export interface TextPassing {
  /** Texts that follow one another go to the decoder as one. */
  readonly joins: boolean;
  /** Whether frames wait for code: those behind them must wait, too. Default: none do. */
  readonly waits?: () => boolean;
}

/** Passes the texts of frames that have nothing else to a decoder. */
export class DecoderTexts implements TextReader {
  private joined = "";

  constructor(
    private readonly decoder: StreamDecoder,
    private readonly how: TextPassing,
  ) {}

  /** Frames with so much else that the decoder may hold some of it back are counted, and so read for themselves. */
  get frames(): TextFrames | undefined {
    const { textFrames } = this.decoder;
    if (textFrames === undefined || this.how.waits?.() === true) return undefined;
    return textFrames.head.length + textFrames.tail.length > USUAL_FIELDS ? undefined : textFrames;
  }

  add(text: string): void {
    if (this.how.joins) this.joined += text;
    else this.decoder.addText?.(text);
  }

  end(): void {
    const { joined } = this;
    if (joined === "") return;
    this.joined = "";
    this.decoder.addText?.(joined);
  }
}
