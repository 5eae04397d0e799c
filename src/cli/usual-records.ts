import { existsSync } from "node:fs";

/** Where infer writes when nothing says otherwise. */
export const USUAL_RECORDS = "out/anomalies.ndjson";
/** Where hydrate writes when nothing says otherwise. */
export const USUAL_HYDRATED = "out/hydrated.ndjson";

/** Where a reader of records looks when none are named: the hydrated ones, and where there are none those of infer. */
export function usualRecords(): { readonly path: string; readonly command: string } {
  return existsSync(USUAL_HYDRATED)
    ? { path: USUAL_HYDRATED, command: "hydrate" }
    : { path: USUAL_RECORDS, command: "infer" };
}
