import { formatUtc } from "../time/format.js";
import type { FleetPlan } from "./fleet-plan.js";
import { fleetRows } from "./fleet-rows.js";
import { truthOf } from "./simulate.js";

/** A piece of one file. Pieces of a file follow each other; a new path means that the file before it is complete. */
export interface FilePiece {
  /** Relative to the fleet's folder, with `/`. */
  readonly path: string;
  readonly text: string;
}

export interface LayoutOptions {
  /** One history file a month (`visit_length_hour_2025-07.csv`) in place of one in all. Months are UTC's. */
  readonly monthly?: boolean;
}

/** The labelled incidents; written last, so that where it is, the fleet is complete. */
export const TRUTH_FILE = "truth.json";

/** Rows that are joined before they are handed on: some tens of kilobytes for the usual fleets. */
const ROWS_A_PIECE = 128;

/** The rows of one aggregator as CSV text: header `Time,<machine>…`, ISO times in UTC, an empty field for no value. */
export function* aggregatorFiles(
  plan: FleetPlan,
  aggregatorIndex: number,
  layout: LayoutOptions = {},
): Generator<FilePiece> {
  const aggregator = plan.aggregators[aggregatorIndex];
  const header = `Time,${plan.machines.join(",")}\n`;
  let path = "";
  let lines: string[] = [];
  for (const { timeMs, slot, values } of fleetRows(plan, aggregatorIndex)) {
    const time = formatUtc(timeMs);
    const name = layout.monthly === true ? `${aggregator}_${time.slice(0, 7)}` : aggregator;
    const current = slot < plan.historySlots ? `history/${name}.csv` : `live/${aggregator}.csv`;
    if (current !== path || lines.length === ROWS_A_PIECE) {
      if (lines.length > 0) yield { path, text: lines.join("") };
      lines = current === path ? [] : [header];
      path = current;
    }
    let line = time;
    for (const value of values) line += value === value ? `,${value}` : ",";
    lines.push(`${line}\n`);
  }
  yield { path, text: lines.join("") };
}

/** Every file of a fleet, the labelled incidents last. */
export function* fleetFiles(plan: FleetPlan, layout: LayoutOptions = {}): Generator<FilePiece> {
  for (let a = 0; a < plan.aggregators.length; a++) yield* aggregatorFiles(plan, a, layout);
  yield { path: TRUTH_FILE, text: `${JSON.stringify(truthOf(plan), null, 1)}\n` };
}
