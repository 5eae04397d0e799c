import { WITHOUT_MODEL } from "../../../dist/detectors/registry.js";
import { heldBackScores } from "../../../dist/evaluate/held-back.js";
import { aligned } from "../../../dist/report/terminal/aligned.js";
import { withVerdicts } from "../../../dist/verdicts/with-verdicts.js";
import { replayed } from "../methods.js";
import { readSet, SETS } from "../sets.js";
import { holdingBack, ordering, WAYS } from "./confidence.js";
import { answered, changeOf, prepared } from "./oracle.js";
import { raisedSeries } from "./raised-series.js";

/*
 * What verdicts change, by how many episodes get one: an oracle answers a share of the shown episodes when they end, from the labels, in the
 * order of time. Each set is replayed once; verdicts only change which of its alarms are heard.
 */
const SHARES = [0.1, 0.3, 1];
const MIN_CONFIDENCES = [0.2, 0.35, 0.5];
const MEASURES = ["whole series", "verdicts"];
/** Growing forests takes most of the time, so what only describes them is drawn less often. */
const FEWER = 4;

/** @param names of sets; @param draws of which episodes are answered. @returns tables as lines, or rows for `json`. */
export async function verdictBench(quality, { names, draws, json }) {
  const curve = [];
  const ordered = [];
  const held = [];
  for (const set of SETS.filter(({ name }) => names.includes(name))) {
    const inputs = await readSet(quality, set);
    const whole = prepared(set, inputs, await replayed(WITHOUT_MODEL, inputs, set));
    const { falseAlarms } = whole.before;
    for (const share of SHARES) {
      // Where all are answered there is nothing to draw.
      const hows = seedsUpTo(share === 1 ? 1 : draws).map((seed) => ({ share, seed }));
      for (const name of MEASURES) {
        const runs = hows.map((how) => changeOf(whole.before, answered(whole, measure(name, whole), how)));
        curve.push({ set: set.name, share, measure: name, falseAlarms, runs });
      }
      const few = hows.slice(0, FEWER);
      for (const [way, learn] of Object.entries(share === 0.1 ? {} : WAYS)) {
        ordered.push({ set: set.name, share, way, runs: few.map((how) => ordering(whole, learn, how)) });
      }
      for (const least of share === 0.3 ? MIN_CONFIDENCES : []) {
        held.push({
          set: set.name,
          share,
          least,
          runs: few.map((how) => holdingBack(whole, WAYS.forest, least, how)),
        });
      }
    }
    console.error(`${set.name}: ${whole.episodes.length} episodes`);
  }
  if (json) return JSON.stringify({ curve, ordered, held }, null, 2);
  return [...curveTable(curve), "", ...leftOut(curve), "", ...orderTable(ordered), "", ...heldTable(held)].join("\n");
}

function measure(name, { company }) {
  if (name === "whole series") return raisedSeries;
  return {
    isHeld: (record, own) => withVerdicts([record], own, { company })[0].adjusted_by !== undefined,
    heard: (score, series, record, own) => heldBackScores(score, series, [record], { judged: own, company }),
  };
}

const seedsUpTo = (count) => Array.from({ length: count }, (_, i) => i + 1);
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const signed = (value, digits) => `${value > 0 ? "+" : ""}${value.toFixed(digits)}`;
const LEFT = ["left", "right", "left", "right"];

/** The mean over the draws, and the least and the most. */
function spread(runs, of, digits, factor = 1) {
  const values = runs.map((run) => factor * run[of]).sort((a, b) => a - b);
  return `${signed(mean(values), digits)} (${signed(values[0], digits)} … ${signed(values[values.length - 1], digits)})`;
}

const changes = (runs) => [spread(runs, "falseAlarms", 0, 100), spread(runs, "recall", 3), spread(runs, "eventF1", 3)];
const CHANGES = ["change, %", "recall", "event F1"];

function curveTable(rows) {
  const cells = rows.map(({ set, share, measure: name, falseAlarms, runs }) => [
    set,
    `${100 * share} %`,
    name,
    String(falseAlarms),
    ...changes(runs),
  ]);
  return aligned([["set", "answered", "what is raised", "false alarms", ...CHANGES], ...cells], LEFT);
}

/** The mean change over the sets with each one left out: a choice that one set alone has made shows here. */
function leftOut(rows) {
  const at30 = rows.filter(({ share, measure: name }) => share === 0.3 && name === "verdicts");
  const of = (some, what) => mean(some.map(({ runs }) => mean(runs.map((run) => run[what]))));
  const cells = at30.map(({ set }) => {
    const others = at30.filter((one) => one.set !== set);
    if (others.length === 0) return [set, "-", "-", "-"];
    return [
      set,
      signed(100 * of(others, "falseAlarms"), 0),
      signed(of(others, "recall"), 3),
      signed(of(others, "eventF1"), 3),
    ];
  });
  return aligned([["30 %, without", ...CHANGES], ...cells], ["left", "right"]);
}

function orderTable(rows) {
  const known = (runs, of) => {
    const values = runs.map((run) => run[of]).filter((value) => !Number.isNaN(value));
    return values.length === 0 ? "-" : mean(values).toFixed(2);
  };
  const cells = rows.map(({ set, share, way, runs }) => [
    set,
    `${100 * share} %`,
    way,
    (100 * mean(runs.map(({ estimated }) => estimated))).toFixed(0),
    known(runs, "auc"),
    known(runs, "brier"),
  ]);
  return aligned([["set", "answered", "confidence by", "estimated, %", "AUC", "Brier / constant"], ...cells], LEFT);
}

function heldTable(rows) {
  const cells = rows.map(({ set, share, least, runs }) => [set, `${100 * share} %`, String(least), ...changes(runs)]);
  return aligned([["set", "answered", "--min-confidence", ...CHANGES], ...cells], ["left", "right"]);
}
