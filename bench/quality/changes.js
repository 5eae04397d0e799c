import { seededRandom } from "../../dist/math/random.js";

const SEED = 7;
const MISSING_SHARE = 0.05;

/** What must not matter: the unit of a metric, and some points that are missing. Each gives a series' values changed. */
export const CHANGES = {
  scaled: (values) => values.map((value) => value * 1000 + 1e6),
  gaps: (values, place) => {
    const random = seededRandom(SEED + place);
    return values.map((value) => (random() < MISSING_SHARE ? Number.NaN : value));
  },
};

export const changed = (inputs, change) =>
  change === undefined
    ? inputs
    : inputs.map((input, i) => ({
        ...input,
        series: { ...input.series, values: CHANGES[change](input.series.values, i) },
      }));
