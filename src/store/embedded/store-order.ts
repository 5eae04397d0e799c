import type { Query } from "../store.js";
import type { TableName } from "../tables.js";

/** What the thread of a store is ordered to do. Whatever is between `begin` and `end` belongs to the transaction. */
export type StoreOrder = { readonly path: string } & (
  | { readonly kind: "open" | "check" | "vacuum" | "sizeBytes" | "begin" | "close" }
  | { readonly kind: "end"; readonly commit: boolean }
  | { readonly kind: "get" | "find"; readonly table: TableName; readonly inside: boolean; readonly what: ReadingOf }
  | { readonly kind: "put" | "add"; readonly table: TableName; readonly row: { readonly id: string } }
  | { readonly kind: "remove"; readonly table: TableName; readonly id: string }
);

/** An id for `get`, a query for `find`. */
export type ReadingOf = string | Query<TableName>;
