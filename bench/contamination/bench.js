// How much an incident in the training data hides later incidents of the same size. Prints one row per case.
import { emptySlot } from "../../dist/detectors/detector.js";
import { DEFAULT_TRAINING, trainModel } from "../../dist/detectors/family/fit/train.js";
import { openModel } from "../../dist/detectors/family/learned.js";
import { DEFAULT_FLEET } from "../../dist/simulate/options.js";
import { simulateFleet } from "../../dist/simulate/simulate.js";
import { DAY_MS, HOUR_MS } from "../../dist/time/duration.js";

const SERIES = 20;
const LIVE_DAYS = 4;

/** The values times `factor` in `[startMs, endMs)`. */
function scaled(series, factor, startMs, endMs) {
  const values = Float64Array.from(series.values, (value, i) => {
    const timeMs = series.startMs + i * series.stepMs;
    return timeMs >= startMs && timeMs < endMs ? value * factor : value;
  });
  return { ...series, values };
}

function joined(history, live) {
  const values = new Float64Array(history.values.length + live.values.length);
  values.set(history.values);
  values.set(live.values, history.values.length);
  return { ...history, values };
}

export function measure({ days, affected, factor, hours, beforeEndHours, seed, stepMs = DEFAULT_FLEET.stepMs }) {
  const fleet = simulateFleet({
    ...DEFAULT_FLEET,
    seed,
    machines: SERIES,
    aggregators: 1,
    historyDays: days,
    liveDays: LIVE_DAYS,
    incidentsPerKind: 0,
    stepMs,
  });
  const endMs = fleet.live[0].startMs;
  const from = endMs - (beforeEndHours + hours) * HOUR_MS;
  const history = fleet.history.map((one, s) =>
    s < affected ? scaled(one, factor, from, from + hours * HOUR_MS) : one,
  );
  const trained = trainModel(history, { ...DEFAULT_TRAINING, seed });
  const detector = openModel(trained.model);
  const begin = endMs + 2.5 * DAY_MS;
  const until = begin + hours * HOUR_MS;
  let found = 0;
  let falseDays = 0;
  const slot = emptySlot();
  fleet.live.forEach((live, s) => {
    const later = joined(history[s], scaled(live, factor, begin, until));
    const profile = trained.model.profiles[s];
    let scorer = detector.open(profile);
    let isFound = false;
    for (let i = 0; i < later.values.length; i++) {
      const timeMs = later.startMs + i * later.stepMs;
      scorer.push(timeMs, later.values[i], slot);
      if (slot.score >= 1 && timeMs >= begin && timeMs < until) isFound = true;
    }
    if (isFound) found++;
    const clean = joined(history[s], live);
    scorer = detector.open(profile);
    const alarmed = new Set();
    for (let i = 0; i < clean.values.length; i++) {
      const timeMs = clean.startMs + i * clean.stepMs;
      scorer.push(timeMs, clean.values[i], slot);
      if (slot.score >= 1 && timeMs >= endMs) alarmed.add(Math.floor(timeMs / DAY_MS));
    }
    falseDays += alarmed.size;
  });
  return {
    found: found / SERIES,
    falseDays: falseDays / (SERIES * LIVE_DAYS),
    leftOut: trained.summary.incidents?.length,
  };
}

const isMain = process.argv[1]?.endsWith("bench.js");
if (isMain) {
  const seeds = (process.argv[2] ?? "1").split(",").map(Number);
  for (const days of [10, 30, 60, 90])
    for (const affected of [0, 3, 10, 20])
      for (const factor of affected === 0 ? [2] : [2, 5])
        for (const hours of affected === 0 ? [12] : [1, 2, 6, 12]) {
          const rows = seeds.flatMap((seed) =>
            [3, 14]
              .slice(0, affected === 0 ? 1 : 2)
              .map((beforeEndHours) => measure({ days, affected, factor, hours, beforeEndHours, seed })),
          );
          const mean = (k) => (rows.reduce((a, r) => a + r[k], 0) / rows.length).toFixed(3);
          console.log(
            days,
            affected,
            `x${factor}`,
            `${hours}h`,
            "found",
            mean("found"),
            "falseDays",
            mean("falseDays"),
            "leftOut",
            rows.map((r) => r.leftOut).join(","),
          );
        }
}
