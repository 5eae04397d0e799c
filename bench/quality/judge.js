import { ALARM_RULES, alarmMetrics } from "../../dist/evaluate/alarm-metrics.js";
import { alarmSummary } from "../../dist/evaluate/alarm-summary.js";
import { figuresOf, seriesFigures } from "../../dist/evaluate/figures.js";
import { ignoredSlots } from "../../dist/evaluate/scored-series.js";
import { eventF1Interval } from "./bootstrap.js";

const SECOND_MS = 1000;

/** The figures of a method's scores on a set, with the interval of the event F1 over whole KPIs, and the counts of each KPI. */
export function judged(set, inputs, scores) {
  const scored = inputs.map((input, i) => scoredSeries(set, input, scores[i]));
  const rules = rulesOf(set, scored[0]);
  const own = scored.map((series) => seriesFigures(series));
  const counts = scored.map((series) => alarmMetrics(series, 1, rules));
  const kpis = new Map();
  inputs.forEach(({ name }, i) => {
    const kpi = set.kpiOf(name);
    kpis.set(kpi, [...(kpis.get(kpi) ?? []), counts[i]]);
  });
  const byKpi = Object.fromEntries(
    [...kpis].map(([kpi, rows]) => {
      const { events, caught, alarms, trueAlarms } = alarmSummary(rows);
      return [kpi, { events, caught, alarms, trueAlarms }];
    }),
  );
  const interval = eventF1Interval(Object.values(byKpi));
  return { figures: figuresOf(scored, own, { rules }), interval, byKpi };
}

/** How alarms of a set are counted, whose series have this step. */
export function rulesOf({ delaySlots }, { stepMs }) {
  return { ...ALARM_RULES, delayMs: Math.max(ALARM_RULES.delayMs, delaySlots * stepMs) };
}

/** Scores as they are counted: none where the value is missing, and none in an unsure span without a label. */
export function scoredSeries(set, { series, label, unsure = [] }, score) {
  const counted = Float64Array.from(score);
  const { startMs, stepMs } = series;
  for (const [fromS, untilS] of unsure) {
    const first = Math.max(0, Math.trunc((fromS * SECOND_MS - startMs - ALARM_RULES.beforeMs) / stepMs));
    const last = Math.trunc((untilS * SECOND_MS - startMs + ALARM_RULES.cooldownMs) / stepMs);
    for (let i = first; i <= Math.min(last, counted.length - 1); i++) if (label[i] === 0) counted[i] = Number.NaN;
  }
  return { stepMs, score: counted, label, ignoreSlots: ignoredSlots(set.ignoreMs, stepMs) };
}
