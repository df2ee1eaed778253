import type { HttpRequest } from "../../../core/contract/transport.js";
import { bytesOfBase64 } from "../../../core/values/base64.js";

/** One part of a form: a field, or a file. */
export type FormPart =
  | { readonly name: string; readonly value: string }
  | {
      readonly name: string;
      readonly data: string;
      readonly mediaType: string;
      readonly filename: string;
    };

/** The start of every boundary. A number follows, chosen so that no part contains the boundary. */
const BOUNDARY = "----ai-lib-form-7f3b9c1e5d";

/** A request with a form as its body. Files are base64. The same parts make the same bytes. */
export function formPost(path: string, parts: readonly FormPart[]): HttpRequest {
  const encoder = new TextEncoder();
  const pieces = parts.map((part) => {
    const disposition = `content-disposition: form-data; name="${quoted(part.name)}"`;
    return "value" in part
      ? { head: disposition, body: encoder.encode(part.value) }
      : {
          head: `${disposition}; filename="${quoted(part.filename)}"\r\ncontent-type: ${headerValue(part.mediaType)}`,
          body: bytesOfBase64(part.data),
        };
  });
  let boundary = `${BOUNDARY}0`;
  for (let i = 1; pieces.some(({ body }) => holds(body, encoder.encode(boundary))); i++)
    boundary = `${BOUNDARY}${i}`;
  const chunks: Uint8Array[] = [];
  for (const { head, body } of pieces) {
    chunks.push(encoder.encode(`--${boundary}\r\n${head}\r\n\r\n`), body, encoder.encode("\r\n"));
  }
  chunks.push(encoder.encode(`--${boundary}--\r\n`));
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return {
    method: "POST",
    path,
    headers: { "content-type": `multipart/form-data; boundary=${boundary}` },
    bytes,
  };
}

/** As browsers write names: https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data */
function quoted(name: string): string {
  return name.replace(/\r?\n|\r/g, "%0D%0A").replace(/"/g, "%22");
}

function headerValue(value: string): string {
  return value.replace(/[^\t\x20-\x7e]/g, "");
}

/** Whether bytes contain a text. Every boundary begins with four dashes, which are rare in sound and pictures. */
function holds(bytes: Uint8Array, text: Uint8Array): boolean {
  return indexOf(bytes, text, 0) !== -1;
}

/** The place of a text within bytes, from a place on; -1 for none. */
export function indexOf(bytes: Uint8Array, text: Uint8Array, from: number): number {
  const first = text[0] as number;
  for (let at = bytes.indexOf(first, from); at !== -1; at = bytes.indexOf(first, at + 1)) {
    let i = 1;
    while (i < text.length && bytes[at + i] === text[i]) i++;
    if (i === text.length) return at;
  }
  return -1;
}
