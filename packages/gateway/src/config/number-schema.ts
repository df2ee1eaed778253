import { z } from "zod";

/** A number above 0. */
export const positive = z.number().positive();
