import { hydrateRecords } from "../../hydrate/hydrate-records.js";
import type { AnomalyRecord, HydratedRecord } from "../../records/record.js";
import { recordBands } from "../../runs/record-bands.js";
import { withSource } from "../../runs/source/open.js";
import type { Surroundings } from "../../runs/surroundings.js";
import type { ServedJob } from "../run/order.js";

/** Records whose 24 hours are kept. */
const MOST_KEPT = 500;

/** Adds their 24 hours to records of a job; those of a record that has not changed are fetched once. */
export type HydrateServed = (
  served: ServedJob,
  records: readonly AnomalyRecord[],
  around: Surroundings,
) => Promise<readonly HydratedRecord[]>;

export function servedHydration(): HydrateServed {
  const kept = new Map<string, { readonly end: string; readonly hydrated: HydratedRecord }>();
  return async ({ job }, records, around) => {
    const missing = records.filter(({ id, end }) => kept.get(id)?.end !== end);
    if (missing.length > 0) {
      const places = { folder: job.model.folder, name: undefined, isRequired: false };
      const timezone = job.timezone ?? undefined;
      const bands = await recordBands(missing, places, around.debug, timezone);
      await withSource(job.source, bands.model, around, async (opened) => {
        const done = hydrateRecords(missing, {
          source: opened.source,
          template: opened.template,
          nowMs: opened.nowMs,
          windowMode: "centred",
          bandFor: bands.bandFor,
        });
        for await (const hydrated of done) {
          around.signal.throwIfAborted();
          if (hydrated.hydrate_error === undefined) kept.set(hydrated.id, { end: hydrated.end, hydrated });
        }
      });
      for (const id of kept.keys()) {
        if (kept.size <= MOST_KEPT) break;
        kept.delete(id);
      }
    }
    return records.flatMap(({ id }) => kept.get(id)?.hydrated ?? []);
  };
}
