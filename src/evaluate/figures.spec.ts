import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { alarmMetrics } from "./alarm-metrics.js";
import { alarmSummary } from "./alarm-summary.js";
import { aucPr } from "./auc-pr.js";
import { bestEventF1 } from "./best-event-f1.js";
import { figuresOf, seriesFigures } from "./figures.js";
import { findLength } from "./find-length.js";
import { heldScore } from "./held.js";
import { recallAtBudget } from "./recall-at-budget.js";
import { ranked } from "./scored-series.js";
import { seededCase } from "./testing/seeded-case.js";
import { vus } from "./vus.js";

/*
 * The numbers come from the reference scorer, score.py (numpy 1.24), on the cases that testing/seeded-case.ts describes:
 *
 *     import numpy as np, score as S
 *     C = [case(1,3000,60,300), case(2,2000,300,100), case(3,2500,60,0), case(4,1500,90,200), case(6,4000,20,500)]
 *     for s, y, v, st, ig in C:
 *         r = np.where(np.isnan(s), -1.0, s)
 *         m = S.alarm_metrics(r >= 1.0, y, st, 1800.0, 600.0, 120.0, ig)
 *         W = S.find_length(v); h = max(3, W // 4)
 *         held = np.array([r[max(0, k - h + 1):k + 1].max() for k in range(len(r))])
 *         print(m['events'], m['caught'], m['alarms'], m['true_alarms'], m['weeks'], sum(m['lags']), S.auc_pr(r[ig:], y[ig:]),
 *               W, *S.vus(r[ig:], y[ig:], W), S.vus(held[ig:], y[ig:], W)[0])
 */
const CASES = [
  [1, 3000, 60, 300],
  [2, 2000, 300, 100],
  [3, 2500, 60, 0],
  [4, 1500, 90, 200],
  [6, 4000, 20, 500],
] as const;
const EXPECTED = [
  [2, 2, 86, 3, 0.267857142857, 240, 0.302830110046, 21, 0.31192070748, 0.872395834032, 0.701660747579],
  [4, 4, 219, 12, 0.94246031746, 900, 0.233904079077, 22, 0.232401960794, 0.8575182912, 0.606127532971],
  [5, 5, 75, 6, 0.248015873016, 240, 0.306507776168, 23, 0.32392604763, 0.871565256685, 0.629514739603],
  [3, 3, 60, 5, 0.193452380952, 90, 0.286432133244, 24, 0.303486484883, 0.856390585923, 0.550572949262],
  [3, 3, 20, 4, 0.115740740741, 0, 0.210698217768, 26, 0.155720084684, 0.840807910375, 0.449263778227],
] as const;
const all = CASES.map(([seed, n, stepS, ignoreSlots]) => seededCase(seed, n, stepS, ignoreSlots));

describe("one series against the reference scorer", () => {
  test.each(CASES.map((_, i) => i))("case %i: alarms, ranking and volumes are its numbers", (i) => {
    const series = all[i];
    const alarms = alarmMetrics(series);
    const score = ranked(series.score);
    const label = series.label.subarray(series.ignoreSlots);
    const window = findLength(series.values);
    const counted = score.subarray(series.ignoreSlots);
    const held = heldScore(score, Math.max(3, Math.floor(window / 4))).subarray(series.ignoreSlots);
    const volumes = vus(counted, label, window);
    const got = [
      alarms.events,
      alarms.caught,
      alarms.alarms,
      alarms.trueAlarms,
      alarms.weeks,
      alarms.delaysMs.reduce((sum, delay) => sum + delay, 0) / 1000,
      aucPr(counted, label),
      window,
      volumes.pr,
      volumes.roc,
      vus(held, label, window).pr,
    ];
    EXPECTED[i].forEach((expected, k) => {
      expect(got[k], `figure ${k}`).toBeCloseTo(expected, 9);
    });
  });

  test("figures of one series are those same numbers", () => {
    expect(seriesFigures(all[1], all[1].values)).toMatchObject({
      aucPr: expect.closeTo(EXPECTED[1][6], 9),
      vusPrRaw: expect.closeTo(EXPECTED[1][8], 9),
      vusPrHeld: expect.closeTo(EXPECTED[1][10], 9),
    });
  });
});

describe("all series under one threshold against the reference scorer", () => {
  // S.alarm_summary([S.alarm_metrics(p[0] >= 1.0, p[1], p[2], 1800.0, 600.0, 120.0, p[3]) for p in pairs])
  test("the summary at the tool's own threshold", () => {
    const summary = alarmSummary(all.map((series) => alarmMetrics(series)));
    expect(summary.eventF1).toBeCloseTo(0.12244897959183672, 12);
    expect(summary.precision).toBeCloseTo(0.06521739130434782, 12);
    expect(summary.recall).toBe(1);
    expect(summary.falseAlarmsPerWeek).toBeCloseTo(243.27782974742752, 9);
    expect(summary.medianFalseAlarmsPerWeek).toBeCloseTo(278.20799999999997, 9);
    expect(summary.cappedFalseAlarmsPerWeek).toBe(5);
    expect(summary.medianDelayMs).toBe(0);
  });

  // S.best_event_f1(pairs, nthr=50, delay=1800.0, cooldown=600.0, pre=120.0)
  test("the best event F1 and its threshold", () => {
    const best = bestEventF1(all);
    expect(best?.eventF1).toBeCloseTo(0.8666666666666666, 12);
    expect(best?.recall).toBeCloseTo(0.7647058823529411, 12);
    expect(best?.medianDelayMs).toBe(270_000);
    expect(best?.threshold).toBeCloseTo(2.0936469595523777, 12);
  });

  // S.recall_at_budget(pairs, budget, nthr=50, delay=1800.0, cooldown=600.0, pre=120.0)
  test.each([
    [1, 0.8235294117647058, 0, 2.081013023371693],
    [2.5, 0.8823529411764706, 2.424421052631579, 1.987174806196185],
    [100, 1, 5, 1.18],
  ])("recall at %d false alarms a week", (budget, recall, capped, threshold) => {
    const best = recallAtBudget(all, budget);
    expect(best?.recall).toBeCloseTo(recall, 12);
    expect(best?.cappedFalseAlarmsPerWeek).toBeCloseTo(capped, 12);
    expect(best?.threshold).toBeCloseTo(threshold, 12);
  });
});

const GATES = fileURLToPath(new URL("../../../shared/quality/gates.py", import.meta.url));
const hasGates = existsSync(GATES) && spawnSync("/usr/bin/python3", ["-c", "import numpy"]).status === 0;

describe("the quality gates themselves", () => {
  test.skipIf(!hasGates)(
    `${hasGates ? "" : "(skipped: the gates' script or python3-numpy is not on this machine) "}say of the same scores what is said here, to 1e-6`,
    { timeout: 300_000 },
    () => {
      const folder = mkdtempSync(join(tmpdir(), "gates-"));
      try {
        all.forEach((series, i) => {
          const rows = Array.from(series.score, (score, k) => {
            const time = 1_700_000_000 + (k * series.stepMs) / 1000;
            return `${time},${series.values[k]},${score === score ? score : ""},${series.label[k]}`;
          });
          writeFileSync(join(folder, `${i}.csv`), `timestamp,value,score,label\n${rows.join("\n")}\n`);
        });
        const days = "0.05";
        const said = spawnSync("/usr/bin/python3", [GATES, folder, "--ignore-days", days, "--vus", "--json"], {
          encoding: "utf8",
        });
        const gates = JSON.parse(said.stdout) as Readonly<Record<string, number>>;
        const same = all.map((one) => ({ ...one, ignoreSlots: Math.trunc((0.05 * 86_400_000) / one.stepMs) }));
        const ours = figuresOf(
          same,
          same.map((one) => seriesFigures(one, one.values)),
        );
        const pairs: readonly (readonly [string, number | null | undefined])[] = [
          ["series", ours.series],
          ["events", ours.events],
          ["event_f1", ours.eventF1],
          ["precision", ours.precision],
          ["recall", ours.recall],
          ["false_alarms_per_series_week", ours.falseAlarmsPerWeek],
          ["fa_week_median", ours.medianFalseAlarmsPerWeek],
          ["median_delay_s", (ours.medianDelayMs ?? Number.NaN) / 1000],
          ["recall_at_1_false_alarm", ours.recallAt1?.recall],
          ["oracle_event_f1", ours.best?.eventF1],
          ["oracle_threshold", ours.best?.threshold],
          ["auc_pr", ours.aucPr],
          ["vus_pr_raw", ours.vusPrRaw],
          ["vus_pr_held", ours.vusPrHeld],
          ["unscored_share", ours.unscoredShare],
        ];
        for (const [name, value] of pairs)
          expect(Math.abs(gates[name] - (value ?? Number.NaN)), name).toBeLessThan(1e-6);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );
});
