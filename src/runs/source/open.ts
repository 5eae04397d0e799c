import type { Model } from "../../model/model.js";
import type { Surroundings } from "../surroundings.js";
import type { OpenedSource } from "./opened.js";
import type { SourceSpec } from "./source-spec.js";

/**
 * Opens a source, does some work with it, and closes it whatever happens.
 *
 * @param model says how names and units were read in training, so that they are read the same way now.
 */
export async function withSource<T>(
  spec: SourceSpec,
  model: Model | undefined,
  around: Surroundings,
  work: (opened: OpenedSource) => Promise<T>,
): Promise<T> {
  const opened = await openSource(spec, model, around);
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
}

/** Each kind of source is loaded only when it is used: CSV needs no HTTP client, and a server no CSV parser. */
async function openSource(spec: SourceSpec, model: Model | undefined, around: Surroundings): Promise<OpenedSource> {
  if (spec.source === "csv") return (await loadCsv()).openCsv(spec, model, around);
  return (await loadServer()).openServer(spec, spec.source, around, { model });
}

const loadCsv = () => import("./open-csv.js");
const loadServer = () => import("./open-server.js");

/** Loads the code of a kind of source. */
export async function loadSource(kind: SourceSpec["source"]): Promise<void> {
  await (kind === "csv" ? loadCsv() : loadServer());
}
