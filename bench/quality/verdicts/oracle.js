import { alarmMetrics } from "../../../dist/evaluate/alarm-metrics.js";
import { alarmSummary } from "../../../dist/evaluate/alarm-summary.js";
import { labelledEvents } from "../../../dist/evaluate/events.js";
import { seededRandom } from "../../../dist/math/random.js";
import { companyAmong } from "../../../dist/verdicts/company.js";
import { lookOf } from "../../../dist/verdicts/judged.js";
import { rulesOf, scoredSeries } from "../judge.js";

/** Series with their scores as they are counted, and all episodes in the order in which they alarmed; segments of one KPI are one series. */
export function prepared(set, inputs, results) {
  const rules = rulesOf(set, inputs[0].series);
  const series = inputs.map((input, i) => {
    const scored = scoredSeries(set, input, results[i].scored.score);
    return { input, scored, counts: alarmMetrics(scored, 1, rules) };
  });
  const episodes = series.flatMap(({ input, scored }, place) => {
    const kpi = set.kpiOf(input.name);
    const events = labelledEvents(scored.label, scored.ignoreSlots);
    return results[place].records.map((record) => {
      const named = { ...record, series: kpi, labels: { kpi }, machine: set.machineOf(kpi) };
      return { record: named, place, kpi, verdict: oracle(named, input.series, scored, events, rules) };
    });
  });
  episodes.sort((a, b) => Date.parse(a.record.alerted_at) - Date.parse(b.record.alerted_at));
  const company = companyAmong(episodes.map(({ record }) => record));
  return { series, episodes, rules, company, before: alarmSummary(series.map(({ counts }) => counts)) };
}

/** What the labels say of an episode; undefined where none of its slots counts. */
function oracle({ start, end }, { startMs, stepMs }, { score, ignoreSlots }, events, rules) {
  const first = Math.max(ignoreSlots, Math.round((Date.parse(start) - startMs) / stepMs));
  const last = Math.round((Date.parse(end) - startMs) / stepMs);
  const alarms = [];
  for (let i = first; i < last; i++) if (score[i] >= 1) alarms.push(i);
  if (alarms.length === 0) return undefined;
  const before = Math.round(rules.beforeMs / stepMs);
  const after = Math.max(1, Math.round(rules.cooldownMs / stepMs));
  const isReal = alarms.some((i) => events.some((event) => i >= event.first - before && i <= event.last + after));
  return isReal ? "true" : "false";
}

/**
 * Goes through the episodes in the order of time. A share of those that are shown is answered when they end; what is held back is not.
 *
 * @param measure `isHeld(record, known)`, `heard(score, series, record, known)`; `known` has the verdicts so far, of all and by series.
 * @param onEpisode called with each episode before its answer.
 * @returns the alarms that are heard.
 */
export function answered({ series, episodes, rules }, { isHeld, heard }, { share, seed }, onEpisode = () => {}) {
  const draw = seededRandom(seed);
  const known = { all: [], byKpi: new Map() };
  const scores = series.map(({ scored }) => scored.score);
  for (const { record, place, kpi, verdict } of episodes) {
    const isAsked = draw() < share;
    const own = known.byKpi.get(kpi) ?? [];
    onEpisode(record, verdict, known);
    scores[place] = heard(scores[place], series[place].input.series, record, own, known);
    if (!isAsked || verdict === undefined || isHeld(record, own, known)) continue;
    const given = { id: record.id, look: lookOf(record), verdict, at: record.end, author: null, note: null };
    known.byKpi.set(kpi, [...own, given]);
    known.all = [...known.all, given];
  }
  return alarmSummary(
    series.map(({ scored, counts }, place) =>
      scores[place] === scored.score ? counts : alarmMetrics({ ...scored, score: scores[place] }, 1, rules),
    ),
  );
}

export function changeOf(before, after) {
  return {
    falseAlarms: before.falseAlarms === 0 ? 0 : after.falseAlarms / before.falseAlarms - 1,
    recall: after.recall - before.recall,
    eventF1: after.eventF1 - before.eventF1,
  };
}
