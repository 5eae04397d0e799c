/** What a data source answered, as Grafana's backend makes frames of it. */

interface GraphiteSeries {
  readonly target: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly datapoints: readonly (readonly [number | null, number])[];
}

interface PromSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [number, string])[];
}

function frame(name: string, labels: object, times: readonly number[], values: readonly (number | null)[]) {
  const plain = values.map((value) => (value === null || !Number.isFinite(value) ? null : value));
  const rows = (test: (value: number | null) => boolean) => values.flatMap((value, i) => (test(value) ? [i] : []));
  const entities = {
    NaN: rows((value) => value !== null && Number.isNaN(value)),
    Inf: rows((value) => value === Number.POSITIVE_INFINITY),
    NegInf: rows((value) => value === Number.NEGATIVE_INFINITY),
  };
  const odd = Object.values(entities).some((list) => list.length > 0);
  return {
    schema: {
      name,
      fields: [
        { name: "time", type: "time", typeInfo: { frame: "time.Time" } },
        {
          name: "value",
          type: "number",
          typeInfo: { frame: "float64", nullable: true },
          labels,
          config: { displayNameFromDS: name },
        },
      ],
    },
    data: { values: [times, plain], ...(odd ? { entities: [null, entities] } : {}) },
  };
}

/** One frame a series; tags become labels, but "name" is overwritten with the target. */
export function graphiteFrames(series: readonly GraphiteSeries[]) {
  return series.map(({ target, tags, datapoints }) =>
    frame(
      target,
      { ...tags, name: target },
      datapoints.map(([, atS]) => atS * 1000),
      datapoints.map(([value]) => value),
    ),
  );
}

/** One frame a series; the metric's labels are the field's. Nothing found is one frame without fields. */
export function prometheusFrames(series: readonly PromSeries[]) {
  if (series.length === 0) return [{ schema: { fields: [] }, data: { values: [] } }];
  return series.map(({ metric, values }) =>
    frame(
      JSON.stringify(metric),
      metric,
      values.map(([atS]) => Math.round(atS * 1000)),
      values.map(([, text]) => (text === "+Inf" ? Infinity : text === "-Inf" ? -Infinity : Number(text))),
    ),
  );
}
