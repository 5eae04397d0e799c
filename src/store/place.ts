/** What a place is by its name: `postgres://…`, a file `….db`, `none`, or a folder. */
export type StoreKind = "files" | "embedded" | "postgres" | "none";

/** The file of a store of files, in its folder. */
export const STORE_FILE = "store.ndjson";

export function storeKind(place: string): StoreKind {
  if (/^postgres(ql)?:\/\//.test(place)) return "postgres";
  if (place === "none") return "none";
  return place.endsWith(".db") ? "embedded" : "files";
}
