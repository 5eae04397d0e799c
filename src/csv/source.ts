import { resample } from "../series/resample.js";
import type { Series, TimeRange } from "../series/series.js";
import { slice } from "../series/slice.js";
import { globToRegExp, isGlob } from "../sources/glob.js";
import type { FetchResult, SeriesQuery, SeriesSource, Target, TargetProblem } from "../sources/source.js";
import { formatDuration } from "../time/duration.js";
import type { CsvOptions } from "./csv-options.js";
import { type CsvHistory, readCsv } from "./history.js";

/**
 * CSV files as a source. They are read once, at the first fetch, and each fetch is a cut out of them; a series is all
 * NaN where the range lies outside its data.
 *
 * A target's expression is `*` for all series, a series' name, or a glob over names; labels given with it must be the
 * series' own. A target whose labels alone name a series finds it whatever its expression is.
 */
export function createCsvSource(paths: readonly string[], options: CsvOptions = {}): SeriesSource {
  let reading: Promise<CsvHistory> | undefined;
  return historySource((template) => {
    reading ??= readCsv(paths, template === undefined ? options : { template, ...options });
    return reading;
  });
}

/**
 * A history as a source, for who has read it already or wants to know of it what a source does not say.
 *
 * @param read gives the history; asked at each fetch, with the query's template.
 */
export function historySource(read: (template: string | undefined) => Promise<CsvHistory>): SeriesSource {
  return {
    kind: "csv",
    async fetch(query: SeriesQuery, range: TimeRange, onProgress): Promise<FetchResult> {
      const history = await read(query.template);
      const picked = new Map<Series, Series>();
      const problems: TargetProblem[] = [];
      query.targets.forEach((target, i) => {
        const found = history.series.filter((series) => matches(series, target));
        const tooCoarse = found.filter((series) => query.stepMs !== undefined && query.stepMs < series.stepMs);
        for (const series of found)
          if (!tooCoarse.includes(series)) picked.set(series, onRange(series, range, query.stepMs));
        if (found.length === tooCoarse.length) problems.push(problemOf(target, tooCoarse[0], history, query.stepMs));
        onProgress?.({ doneTargets: i + 1, totalTargets: query.targets.length });
      });
      return { series: [...picked.values()], problems, notes: [...history.notes, ...leftOutNotes(history)] };
    },
  };
}

/** What no target brings is said here, or nobody would miss it. */
function leftOutNotes({ leftOut }: CsvHistory): readonly string[] {
  const named = leftOut.filter(({ labels }) => labels["machine"] !== undefined);
  if (named.length === 0) return [];
  const [{ name, labels, reason }] = named;
  const number = named.length === 1 ? "1 series is" : `${named.length} series are`;
  return [`${number} left out, such as ${name} (${labels["aggregator"] ?? ""}): ${reason}`];
}

function matches(series: Series, { expression, labels }: Target): boolean {
  const wanted = Object.entries(labels);
  if (!wanted.every(([key, value]) => series.labels[key] === value)) return false;
  if (expression === "*" || expression === series.name || wanted.length > 0) return true;
  return isGlob(expression) && globToRegExp(expression, ".").test(series.name);
}

function onRange(series: Series, range: TimeRange, stepMs: number | undefined): Series {
  if (stepMs === undefined || stepMs === series.stepMs) return slice(series, range);
  // Whole slots of the new step first, so that the first one is not an average of half of its values.
  return slice(resample(series, stepMs), range);
}

function problemOf(
  target: Target,
  coarse: Series | undefined,
  history: CsvHistory,
  stepMs: number | undefined,
): TargetProblem {
  if (coarse !== undefined && stepMs !== undefined) {
    const reason = `${coarse.name} has a step of ${formatDuration(coarse.stepMs)}, coarser than the ${formatDuration(stepMs)} wanted`;
    return { target, kind: "failed", reason };
  }
  const leftOut = history.leftOut.find((one) => one.name === target.expression);
  const reason =
    leftOut === undefined
      ? `no series of the CSV files matches ${target.expression}`
      : `${leftOut.name} was left out: ${leftOut.reason}`;
  return { target, kind: "no_data", reason };
}
