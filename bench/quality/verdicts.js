import { parseArgs } from "node:util";
import { WITHOUT_MODEL } from "../../dist/detectors/registry.js";
import { alarmMetrics } from "../../dist/evaluate/alarm-metrics.js";
import { alarmSummary } from "../../dist/evaluate/alarm-summary.js";
import { labelledEvents } from "../../dist/evaluate/events.js";
import { heldBackScores } from "../../dist/evaluate/held-back.js";
import { seededRandom } from "../../dist/math/random.js";
import { aligned } from "../../dist/report/terminal/aligned.js";
import { lookOf } from "../../dist/verdicts/judged.js";
import { withVerdicts } from "../../dist/verdicts/with-verdicts.js";
import { rulesOf, scoredSeries } from "./judge.js";
import { replayed } from "./methods.js";
import { qualityFolder } from "./places.js";
import { raisedSeries } from "./raised-series.js";
import { readSet, SETS } from "./sets.js";

/*
 * What verdicts change, by how many episodes get one: an oracle answers a share of the shown episodes when they end, from the labels, in the
 * order of time. What is held back is not answered. Each set is replayed once; verdicts only change which of its alarms are heard.
 *
 *     node bench/quality/verdicts.js [--seeds 20] [--set NAME]… [--json]
 */
const { values: options } = parseArgs({
  options: {
    seeds: { type: "string", default: "20" },
    set: { type: "string", multiple: true, default: ["wsd", "aiops", "asd1", "smd1", "mscloud-h", "mscloud-m"] },
    json: { type: "boolean", default: false },
  },
});
const SHARES = [0.1, 0.3, 1];
const seeds = Array.from({ length: Number(options.seeds) }, (_, i) => i + 1);
const MEASURES = { "whole series": raisedSeries, verdicts: { isHeld: isHeldBack, heard: heldBackScores } };

const quality = qualityFolder();
if (quality === undefined) {
  console.error("verdicts skipped: there is no quality data beside the project; QUALITY_DIR names its folder");
  process.exit(0);
}
const rows = [];
for (const set of SETS.filter(({ name }) => options.set.includes(name))) {
  const inputs = await readSet(quality, set);
  const whole = prepared(set, inputs, await replayed(WITHOUT_MODEL, inputs, set));
  const before = alarmSummary(whole.series.map(({ scored }) => alarmMetrics(scored, 1, whole.rules)));
  for (const share of SHARES) {
    for (const [measure, how] of Object.entries(MEASURES)) {
      const runs = seeds.map((seed) => changeOf(before, answered(whole, how, share, seed)));
      rows.push({ set: set.name, measure, share, falseAlarms: before.falseAlarms, runs });
    }
  }
  console.error(`${set.name}: ${whole.episodes.length} episodes`);
}
console.log(options.json ? JSON.stringify(rows, null, 2) : table().join("\n"));

/** Series with their scores as they are counted, and all episodes in the order in which they alarmed; segments of one KPI are one series. */
function prepared(set, inputs, results) {
  const rules = rulesOf(set, inputs[0].series);
  const series = inputs.map((input, i) => ({ input, scored: scoredSeries(set, input, results[i].scored.score) }));
  const episodes = series.flatMap(({ input, scored }, place) => {
    const kpi = set.kpiOf(input.name);
    const events = labelledEvents(scored.label, scored.ignoreSlots);
    return results[place].records.map((record) => {
      const named = { ...record, series: kpi, labels: { kpi } };
      return { record: named, place, kpi, verdict: oracle(named, input.series, scored, events, rules) };
    });
  });
  episodes.sort((a, b) => Date.parse(a.record.alerted_at) - Date.parse(b.record.alerted_at));
  return { series, episodes, rules };
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

/** The alarms that are heard where a share of the shown episodes is answered. */
function answered({ series, episodes, rules }, { isHeld, heard }, share, seed) {
  const draw = seededRandom(seed);
  const judged = new Map();
  const scores = series.map(({ scored }) => scored.score);
  for (const { record, place, kpi, verdict } of episodes) {
    const isAsked = draw() < share;
    const known = judged.get(kpi) ?? [];
    scores[place] = heard(scores[place], series[place].input.series, [record], known);
    if (!isAsked || verdict === undefined || isHeld(record, known)) continue;
    const given = { id: record.id, look: lookOf(record), verdict, at: record.end, author: null, note: null };
    judged.set(kpi, [...known, given]);
  }
  return alarmSummary(series.map(({ scored }, place) => alarmMetrics({ ...scored, score: scores[place] }, 1, rules)));
}

function isHeldBack(record, known) {
  return withVerdicts([record], known)[0].adjusted_by !== undefined;
}

function changeOf(before, after) {
  return {
    falseAlarms: before.falseAlarms === 0 ? 0 : after.falseAlarms / before.falseAlarms - 1,
    recall: after.recall - before.recall,
    eventF1: after.eventF1 - before.eventF1,
  };
}

function table() {
  const signed = (value, digits) => `${value > 0 ? "+" : ""}${value.toFixed(digits)}`;
  const spread = (runs, of, digits, factor = 1) => {
    const values = runs.map((run) => factor * run[of]).sort((a, b) => a - b);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return `${signed(mean, digits)} (${signed(values[0], digits)} … ${signed(values[values.length - 1], digits)})`;
  };
  const cells = rows.map(({ set, share, measure, falseAlarms, runs }) => [
    set,
    `${100 * share} %`,
    measure,
    String(falseAlarms),
    spread(runs, "falseAlarms", 0, 100),
    spread(runs, "recall", 3),
    spread(runs, "eventF1", 3),
  ]);
  const head = ["set", "answered", "what is raised", "false alarms", "change, %", "recall", "event F1"];
  return aligned([head, ...cells], ["left", "right", "left", "right"]);
}
