import { existsSync } from "node:fs";
import { USUAL_HYDRATED } from "./hydrate/hydrate.js";
import { USUAL_RECORDS } from "./infer/infer.js";

/** Where a reader of records looks when none are named: the hydrated ones, and where there are none those of infer. */
export function usualRecords(): { readonly path: string; readonly command: string } {
  return existsSync(USUAL_HYDRATED)
    ? { path: USUAL_HYDRATED, command: "hydrate" }
    : { path: USUAL_RECORDS, command: "infer" };
}
