/**
 * Mean and population standard deviation of the values of each window `(i - slots, i]`; NaN is skipped. Sums run along and
 * are taken again every window, so that rounding never adds up.
 *
 * @param {Float64Array} values
 * @param {number} slots
 */
export function rollingMoments(values, slots) {
  const n = values.length;
  const mean = new Float64Array(n).fill(Number.NaN);
  const std = new Float64Array(n).fill(Number.NaN);
  const count = new Int32Array(n);
  // Far from zero the squares would drown the differences: all is taken relative to a value that is near.
  let near = 0;
  let sum = 0;
  let squares = 0;
  let inside = 0;
  const add = (value, sign) => {
    if (value !== value) return;
    sum += sign * (value - near);
    squares += sign * (value - near) ** 2;
    inside += sign;
  };
  for (let i = 0; i < n; i++) {
    if (i % slots === 0) {
      near = mean[i - 1] === mean[i - 1] && i > 0 ? mean[i - 1] : values[i] === values[i] ? values[i] : near;
      sum = squares = inside = 0;
      for (let k = Math.max(0, i - slots + 1); k < i; k++) add(values[k], 1);
    } else if (i >= slots) add(values[i - slots], -1);
    add(values[i], 1);
    count[i] = inside;
    if (inside === 0) continue;
    mean[i] = near + sum / inside;
    std[i] = Math.sqrt(Math.max(0, squares / inside - (sum / inside) ** 2));
  }
  return { mean, std, count };
}
