import { invalidRequest } from "../../../core/errors/error.js";
import { indexOf } from "./multipart.js";

/** One part of a form that was received. */
export interface ReceivedPart {
  readonly name: string;
  readonly filename: string | undefined;
  readonly mediaType: string | undefined;
  /** A view of the body that was received. */
  readonly bytes: Uint8Array;
}

/** The most parts of a form. */
const MAX_PARTS = 1_000;

/** The most bytes of the head of a part. */
const MAX_HEAD = 16 * 1024;

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const BLANK_LINE = encoder.encode("\r\n\r\n");

/**
 * Reads a form, in time that grows with its length alone.
 * @throws {AiLibError} `INVALID_REQUEST` for a body that is not a form, or has more than 1,000 parts.
 */
export function readForm(contentType: string | undefined, body: Uint8Array | undefined): ReceivedPart[] {
  const [, quoted, plain] =
    /^multipart\/form-data\s*;.*?boundary=(?:"([^"]{1,200})"|([^\s;]{1,200}))/i.exec(contentType ?? "") ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined || body === undefined)
    throw invalidRequest("The body must be a form (multipart/form-data) with a boundary");
  const mark = encoder.encode(`--${boundary}`);
  const between = encoder.encode(`\r\n--${boundary}`);
  const parts: ReceivedPart[] = [];
  let at = indexOf(body, mark, 0);
  while (at !== -1) {
    const start = at === 0 || body[at] === mark[0] ? at + mark.length : at + between.length;
    if (body[start] === 0x2d && body[start + 1] === 0x2d) return parts;
    const head = indexOf(body.subarray(0, start + MAX_HEAD), BLANK_LINE, start);
    const end = head === -1 ? -1 : indexOf(body, between, head + BLANK_LINE.length);
    if (end === -1) break;
    if (parts.length === MAX_PARTS) throw invalidRequest(`A form may have ${MAX_PARTS} parts at most`);
    parts.push(
      partOf(decoder.decode(body.subarray(start, head)), body.subarray(head + BLANK_LINE.length, end)),
    );
    at = end;
  }
  throw invalidRequest("The form is incomplete");
}

function partOf(head: string, bytes: Uint8Array): ReceivedPart {
  const disposition = /^content-disposition:(.*)$/im.exec(head)?.[1] ?? "";
  const name = /[; ]name="([^"]*)"/i.exec(disposition)?.[1];
  if (name === undefined) throw invalidRequest("A part of the form has no name");
  return {
    name,
    filename: /filename="([^"]*)"/i.exec(disposition)?.[1],
    mediaType: /^content-type:(.*)$/im.exec(head)?.[1]?.trim(),
    bytes,
  };
}

/** The value of a field as text. */
export function textOfPart({ bytes }: ReceivedPart): string {
  return decoder.decode(bytes);
}
