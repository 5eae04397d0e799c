import { afterAll, describe, expect, test } from "vitest";
import { judgeIncidents } from "../evaluate/incidents.js";
import { parseTruth } from "../evaluate/truth.js";
import type { AnomalyRecord } from "../records/record.js";
import { INCIDENT_KINDS } from "../simulate/incident.js";
import { openPlace, parseLines } from "./testing/place.js";

const place = openPlace({ data: false });
afterAll(() => place.remove());

/** Fleets that nobody has looked at while the rules of the kinds were written (those were of the seeds 1 to 8). */
const SEEDS = [101, 102, 103];

describe("kinds on generated fleets", () => {
  test.each(["family", "residual"])(
    "%s names at least 85 % of the incidents it finds what they are, of every kind at least half",
    {
      timeout: 600_000,
    },
    async (detector) => {
      const totals = { incidents: 0, found: 0, right: 0 };
      const rightOf = new Map<string, [right: number, found: number]>();
      for (const seed of SEEDS) {
        const run = await place.sh(
          `anomaly simulate f${seed} --machines 12 --days 28 --incidents 3 --seed ${seed} -q && anomaly train f${seed}/history --model m${seed} -q &&` +
            ` anomaly infer f${seed} --model m${seed} --detector ${detector} --lookback 4d -q -o ${detector}${seed}.ndjson`,
        );
        expect(run.status, run.stderr).toBe(0);
        const records = parseLines<AnomalyRecord>(place.read(`${detector}${seed}.ndjson`));
        const truth = parseTruth(place.read(`f${seed}`, "truth.json"), "truth.json");
        const judged = judgeIncidents(records, truth, { toleranceMs: 1_200_000 });
        totals.incidents += judged.incidents;
        totals.found += judged.found;
        totals.right += judged.kindRight;
        for (const kind of INCIDENT_KINDS) {
          const of = judged.byKind[kind];
          const [right, found] = rightOf.get(kind) ?? [0, 0];
          rightOf.set(kind, [right + (of?.kindRight ?? 0), found + (of?.found ?? 0)]);
        }
      }
      expect(totals.incidents).toBe(SEEDS.length * INCIDENT_KINDS.length * 3);
      expect(totals.found / totals.incidents).toBeGreaterThanOrEqual(0.85);
      expect(totals.right / totals.found, JSON.stringify([...rightOf])).toBeGreaterThanOrEqual(0.85);
      for (const [kind, [right, found]] of rightOf) expect(right / found, kind).toBeGreaterThanOrEqual(0.5);
    },
  );
});
