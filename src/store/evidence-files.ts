import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Evidence } from "../anomalies/evidence.js";
import type { Threshold } from "../detectors/threshold.js";
import { InputError } from "../errors/errors.js";
import { writeFileAtomic } from "../files/atomic.js";

const SCHEMA = "anomaly-evidence/1";

/** Evidence with the model and the method that it goes with. */
export interface FiledEvidence extends Evidence {
  readonly schema: typeof SCHEMA;
  readonly model: string;
  /** Null: the detector used none. */
  readonly model_sha256: string | null;
  readonly threshold: Threshold;
}

/** Writes one file per record, `<folder>/<id>.json`; of an episode that continues the newest stays. */
export function writeEvidence(
  folder: string,
  evidence: readonly Evidence[],
  about: Pick<FiledEvidence, "model" | "model_sha256" | "threshold">,
): void {
  for (const one of evidence) {
    writeFileAtomic(join(folder, `${one.id}.json`), `${JSON.stringify({ schema: SCHEMA, ...about, ...one })}\n`);
  }
}

/** @throws InputError if there is none for the record, or the file is something else. */
export function readEvidence(folder: string, id: string): FiledEvidence {
  const path = join(folder, `${id}.json`);
  let evidence: Partial<FiledEvidence>;
  try {
    evidence = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new InputError(
      "evidence",
      `cannot read ${path}, the evidence of record ${id}; anomaly infer --evidence ${folder} writes it`,
      { cause },
    );
  }
  if (evidence.schema === SCHEMA && evidence.id === id && Array.isArray(evidence.values)) {
    return evidence as FiledEvidence;
  }
  throw new InputError(
    "evidence",
    `${path} is not the evidence of record ${id}; let anomaly infer --evidence write it again`,
  );
}
