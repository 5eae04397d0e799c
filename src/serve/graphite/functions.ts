import { DETECTIONS, type Detection } from "../promql/parse.js";

/** Query-time detection by the function's name in a target: `anomalyScore` … */
export const DETECTION_FUNCTIONS: ReadonlyMap<string, Detection> = new Map(
  DETECTIONS.map((what) => [`anomaly${what[0].toUpperCase()}${what.slice(1)}`, what]),
);

const DESCRIPTIONS: Readonly<Record<Detection, string>> = {
  score: "How unusual each value is by the job's detector; 1 is exactly the alerting threshold.",
  observed: "The values that are scored, on the step on which they are scored.",
  expected: "What the job's detector expects.",
  lower: "The lower edge of the band of usual values.",
  upper: "The upper edge of the band of usual values.",
  band: "Both edges of the band of usual values.",
};

interface Param {
  readonly name: string;
  readonly type: string;
  readonly required?: boolean;
}

const SERIES: Param = { name: "seriesList", type: "seriesList", required: true };
const text = (name: string, required = true): Param => ({ name, type: "string", required });

/** The functions that are understood, as `/functions` of graphite-web lists its own. */
export function functionList() {
  const all = [
    ...[...DETECTION_FUNCTIONS].map(([name, what]) =>
      described(name, DESCRIPTIONS[what], "Anomalies", [SERIES, text("job", false)]),
    ),
    described("alias", "Gives all series this name.", "Alias", [SERIES, text("newName")]),
    described("aliasSub", "Replaces what a regular expression finds in the names.", "Alias", [
      SERIES,
      text("search"),
      text("replace"),
    ]),
    described("constantLine", "A line at a value.", "Special", [{ name: "value", type: "float", required: true }]),
    described("seriesByTag", "The series with all of these tags.", "Special", [text("tagExpressions")]),
  ];
  return Object.fromEntries(all.map((one) => [one.name, one]));
}

function described(name: string, description: string, group: string, params: readonly Param[]) {
  const signature = `${name}(${params.map((param) => param.name).join(", ")})`;
  return { name, function: signature, description, module: "graphite.render.functions", group, params };
}

/** For refusals. */
export const UNDERSTOOD =
  "understood are paths such as anomaly.<job>.score.<path>, anomalyScore(target), anomalyBand(target), anomalyExpected|Lower|Upper|Observed(target), each with a job as a second argument if need be, seriesByTag, alias, aliasSub and constantLine around them";
