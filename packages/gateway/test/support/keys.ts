import { declaredKey } from "../../src/keys/directory.js";
import type { KeyAdmission } from "../../src/keys/key-admission.js";
import type { KeyDraft } from "../../src/keys/key-directory.js";
import { KeyService } from "../../src/keys/key-service.js";
import type { ModelTable } from "../../src/model-table.js";

/** Admits the calls of one key, whose limits and rights `fields` has. */
export async function admissionFor(
  table: ModelTable,
  id: string,
  secret: string,
  fields: Omit<KeyDraft, "id"> = {},
): Promise<KeyAdmission> {
  const service = await KeyService.open();
  return service.serve({ table, declared: { keys: [declaredKey(id, secret, fields, "")], groups: [] } });
}
