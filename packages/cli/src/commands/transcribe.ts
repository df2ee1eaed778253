import type { SpokenSegment, TranscribeResponse } from "ai-lib";
import { audio } from "ai-lib/content";
import { usageError } from "../errors.js";
import type { Io } from "../io.js";
import { createKindClient, printWarnings, withProgress } from "../kind-client.js";
import { foreignText } from "../terminal.js";

/** Options of `ai-lib transcribe`. */
interface TranscribeOptions {
  readonly model?: string;
  readonly language?: string;
  readonly prompt?: string;
  readonly speakers?: boolean;
  readonly translate?: boolean;
  readonly format: "text" | "srt" | "vtt" | "json";
  readonly quiet?: boolean;
}

/** Prints what is said in a sound. */
export async function transcribe(io: Io, file: string, options: TranscribeOptions): Promise<void> {
  const { language, prompt, speakers, translate, format, quiet } = options;
  const { type: _type, ...source } = await audio(file);
  const response = await withProgress(io, quiet, async (observer) => {
    const { client, model } = await createKindClient(io, "transcribe", options.model, observer);
    const timestamps = format === "text" ? undefined : (["segment"] as const);
    const request = { audio: source, model, language, prompt, timestamps, speakers, translate };
    return client.transcribe(request, { signal: io.signal });
  });
  printWarnings(io, response.warnings, quiet);
  io.stdout.write(formatTranscript(io, response, format));
}

function formatTranscript(io: Io, response: TranscribeResponse, format: TranscribeOptions["format"]): string {
  switch (format) {
    case "json":
      return `${JSON.stringify(response, null, 2)}\n`;
    case "text":
      return `${foreignText(io.stdout, textOf(response))}\n`;
    case "srt":
    case "vtt":
      return foreignText(io.stdout, subtitles(response, format));
    default:
      return format satisfies never;
  }
}

/** One line for each turn, if the speakers are known. */
function textOf({ text, segments = [] }: TranscribeResponse): string {
  if (!segments.some(({ speaker }) => speaker !== undefined)) return text;
  return segments.map(({ speaker = "?", text: said }) => `${speaker}: ${said.trim()}`).join("\n");
}

/** @throws {AiLibError} `CONFIG_ERROR` for a transcript without times. */
function subtitles({ segments = [] }: TranscribeResponse, format: "srt" | "vtt"): string {
  if (segments.length === 0)
    throw usageError(`The model gives no times, which ${format} needs; name another model with -m`);
  const mark = format === "srt" ? "," : ".";
  const cues = segments.map((segment, i) => {
    const number = format === "srt" ? `${i + 1}\n` : "";
    return `${number}${clock(segment.start, mark)} --> ${clock(segment.end, mark)}\n${captionOf(segment)}\n`;
  });
  return `${format === "vtt" ? "WEBVTT\n\n" : ""}${cues.join("\n")}`;
}

function captionOf({ speaker, text }: SpokenSegment): string {
  return speaker === undefined ? text.trim() : `${speaker}: ${text.trim()}`;
}

/** `00:01:02,500` */
function clock(seconds: number, mark: string): string {
  const ms = Math.max(0, Math.round(seconds * 1_000));
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const rest = String(ms % 1_000).padStart(3, "0");
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1_000) % 60)}${mark}${rest}`;
}
