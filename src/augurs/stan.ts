import { optimizer as stan } from "@bsull/augurs-prophet-wasmstan";

type Optimize = typeof stan.optimize;

/** What Stan is given, as JSON: a row a time in `X`, a column a feature. */
interface StanData {
  readonly X: readonly (readonly number[])[];
  readonly s_a: readonly number[];
  readonly s_m: readonly number[];
  readonly sigmas: readonly number[];
}

/**
 * Stan's optimiser, with the features in an order that is always the same. They come in that of a hash map, which is another one for each fit, and the order of a sum
 * decides its last digits: two fits of the same values would differ.
 */
export const optimizer: { readonly optimize: Optimize } = {
  optimize: (initial, text, options) => {
    const data: StanData = JSON.parse(text);
    const order = orderOf(data);
    const sorted = JSON.stringify({
      ...data,
      X: data.X.map((row) => order.map((column) => row[column])),
      s_a: order.map((column) => data.s_a[column]),
      s_m: order.map((column) => data.s_m[column]),
      sigmas: order.map((column) => data.sigmas[column]),
    });
    const beta = Float64Array.from(order, (column) => initial.beta[column]);
    const found = stan.optimize({ ...initial, beta }, sorted, options);
    const back = new Float64Array(order.length);
    order.forEach((column, place) => {
      back[column] = found.params.beta[place];
    });
    return { ...found, params: { ...found.params, beta: back } };
  },
};

/** The columns sorted by their values, first row first. */
function orderOf({ X }: StanData): readonly number[] {
  const columns = Array.from(X[0] ?? [], (_, column) => column);
  return columns.sort((a, b) => {
    const row = X.find((values) => values[a] !== values[b]);
    return row === undefined ? 0 : row[a] - row[b];
  });
}
