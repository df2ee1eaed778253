import type { DialectId } from "../../../core/contract/dialect.js";
import type { Extensions } from "../../../core/values/message.js";
import { extensionsFor } from "./extensions.js";
import type { FormPart } from "./multipart.js";

/** The extensions that concern a target as fields of a form: texts as they are, lists as repeated fields, the rest as JSON. */
export function formFields(
  extensions: Extensions | undefined,
  dialect: DialectId,
  provider: string,
): FormPart[] {
  return extensionsFor(extensions, dialect, provider).flatMap((fields) =>
    Object.entries(fields).flatMap(([name, value]): FormPart[] => {
      if (Array.isArray(value)) return value.map((each) => ({ name: `${name}[]`, value: textOf(each) }));
      return value === undefined || value === null ? [] : [{ name, value: textOf(value) }];
    }),
  );
}

function textOf(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
