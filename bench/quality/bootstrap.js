import { seededRandom } from "../../dist/math/random.js";

const RESAMPLES = 1000;
/** Nine in ten resamples lie inside. */
const TAIL = 0.05;
const SEED = 1;

/** Event F1 of added-up counts: harmonic mean of the share of events caught and the share of alarms that belong to one. */
export function eventF1(rows) {
  const sum = (name) => rows.reduce((total, row) => total + row[name], 0);
  const recall = sum("caught") / sum("events");
  const precision = sum("alarms") === 0 ? 0 : sum("trueAlarms") / sum("alarms");
  return precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0;
}

/**
 * Where 90 % of a figure lie when whole KPIs are drawn with replacement: what another draw of metrics of the same kind might give.
 * The draws are the same for every figure over as many KPIs, so that differences are paired.
 */
export function interval(count, figureOf) {
  const random = seededRandom(SEED);
  const figures = Array.from({ length: RESAMPLES }, () =>
    figureOf(Array.from({ length: count }, () => Math.floor(random() * count))),
  )
    .filter((figure) => !Number.isNaN(figure))
    .sort((a, b) => a - b);
  const at = (share) => figures[Math.round(share * (figures.length - 1))];
  return { low: at(TAIL), high: at(1 - TAIL) };
}

export const eventF1Interval = (rows) => interval(rows.length, (draw) => eventF1(draw.map((i) => rows[i])));
