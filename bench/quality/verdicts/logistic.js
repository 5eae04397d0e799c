/** Ridge: with some dozens of rows the weights of features that say nothing stay near 0. */
const RIDGE = 20;
const MOST_STEPS = 12;
/** A feature further from its mean than this many standard deviations is as far as it gets. */
const FURTHEST = 4;

/** Logistic regression on the forest's features, by Newton's method: what the forest is compared with. Rows as `grow` takes them. */
export function logistic(rows) {
  const width = rows[0].seen.length;
  const mean = Array.from({ length: width }, (_, c) => average(rows.map(({ seen }) => seen[c])));
  const size = mean.map((m, c) => Math.sqrt(average(rows.map(({ seen }) => (seen[c] - m) ** 2))) || 1);
  const scaled = (seen) => [1, ...seen.map((x, c) => clamp((x - mean[c]) / size[c], FURTHEST))];
  const data = rows.map(({ seen, real }) => ({ x: scaled(seen), real }));
  let weights = new Array(width + 1).fill(0);
  for (let step = 0; step < MOST_STEPS; step++) {
    const system = weights.map((w, i) => [
      ...weights.map((_, j) => (i === j && i > 0 ? RIDGE : 0)),
      i > 0 ? -RIDGE * w : 0,
    ]);
    for (const { x, real } of data) {
      const p = chanceOf(weights, x);
      const spread = p * (1 - p) + 1e-6;
      for (let i = 0; i <= width; i++) {
        for (let j = 0; j <= width; j++) system[i][j] += spread * x[i] * x[j];
        system[i][width + 1] += (real - p) * x[i];
      }
    }
    const change = solved(system);
    weights = weights.map((w, i) => w + change[i]);
    if (Math.max(...change.map(Math.abs)) < 1e-4) break;
  }
  return { chance: (seen) => chanceOf(weights, scaled(seen)) };
}

const average = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const clamp = (value, most) => Math.max(-most, Math.min(most, value));
const chanceOf = (weights, x) => 1 / (1 + Math.exp(-x.reduce((sum, value, i) => sum + value * weights[i], 0)));

/** Gauss and Jordan; the matrix is positive definite, so no pivot is 0. */
function solved(system) {
  const n = system.length;
  for (let i = 0; i < n; i++) {
    for (let row = 0; row < n; row++) {
      if (row === i) continue;
      const factor = system[row][i] / system[i][i];
      for (let j = i; j <= n; j++) system[row][j] -= factor * system[i][j];
    }
  }
  return system.map((row, i) => row[n] / row[i]);
}
