import { z } from "zod";

/** A secret is never in the file: the name of an environment variable, or of a file that holds it. */
export const Secret = z
  .union([
    z.strictObject({ env: z.string().min(1).describe("The environment variable that holds the secret") }),
    z.strictObject({
      file: z.string().min(1).describe("The file that holds the secret, without line breaks around it"),
    }),
  ])
  .meta({ id: "Secret", description: "Where a secret is: never the secret itself" });

/** A reference to a secret. */
export type SecretNode = z.input<typeof Secret>;
