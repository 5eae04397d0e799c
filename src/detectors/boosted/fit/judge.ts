import { type Boosted, predictBoosted } from "../../../forest/boosting.js";
import { median } from "../../../math/median.js";
import { MAD_TO_SIGMA } from "../../../math/robust-scale.js";
import type { Rows } from "./rows.js";

/** How far off forecasts of one series were on values held out, in its spreads; sums, so that series can be added up. */
export interface Judged {
  /** The usual error. */
  readonly error: number;
  readonly count: number;
  readonly boosted: number;
  readonly last: number;
  readonly dayAgo: number;
}

export function judge(boosted: Boosted, { columns, targets, dayAgo }: Rows): Judged {
  const row = new Float32Array(columns.length);
  const sizes: number[] = [];
  const sums = { count: 0, boosted: 0, last: 0, dayAgo: 0 };
  for (let i = 0; i < targets.length; i++) {
    for (let f = 0; f < columns.length; f++) row[f] = columns[f][i];
    const size = Math.abs(targets[i] - predictBoosted(boosted, row));
    sizes.push(size);
    const [last] = row;
    // Compared where all three say something.
    if (last !== last || dayAgo[i] !== dayAgo[i]) continue;
    sums.count++;
    sums.boosted += size;
    sums.last += Math.abs(targets[i] - last);
    sums.dayAgo += Math.abs(targets[i] - dayAgo[i]);
  }
  return { error: median(sizes) * MAD_TO_SIGMA, ...sums };
}
