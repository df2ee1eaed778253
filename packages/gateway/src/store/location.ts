/**
 * The place of a store in SQLite that ends with the process: in memory, and beyond 32 MB in a file that SQLite deletes
 * (https://www.sqlite.org/inmemorydb.html#temp_db).
 */
export const TEMPORARY = "";

/** Where a store is. */
export type StoreLocation =
  /** A file, `:memory:`, or {@link TEMPORARY}. */
  | { readonly sqlite: string }
  /** `postgres://user:password@host:port/database` */
  | { readonly postgres: string };
