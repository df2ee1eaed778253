import { readForm, textOfPart } from "../../dialects/shared/common/multipart-reader.js";
import { refused, type ServiceRequest } from "./service.js";

/** A form with a file, as a client sends it. */
export interface UploadForm {
  readonly filename: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  /** The value of another field. */
  field(name: string): string | undefined;
}

/**
 * Reads the form of an upload. The file's bytes are copied, since the form is one body.
 * @throws {AiLibError} with status 400 for a body that is no form or has no file.
 */
export function uploadForm({ headers, body }: ServiceRequest, fileField = "file"): UploadForm {
  const parts = readForm(headers["content-type"], body);
  const file = parts.find(({ name }) => name === fileField);
  if (file === undefined) throw refused(400, `'${fileField}' is a required property`);
  return {
    filename: file.filename ?? "upload",
    mediaType: file.mediaType ?? "application/octet-stream",
    bytes: file.bytes.slice(),
    field(name) {
      const part = parts.find((one) => one.name === name);
      return part === undefined ? undefined : textOfPart(part);
    },
  };
}
