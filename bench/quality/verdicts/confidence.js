import { openConfidence } from "../../../dist/verdicts/confidence/confidence.js";
import { FEATURES } from "../../../dist/verdicts/confidence/features.js";
import { grow } from "../../../dist/verdicts/confidence/grow.js";
import { logistic } from "./logistic.js";
import { answered, changeOf } from "./oracle.js";

const at = (name) => FEATURES.indexOf(name);
const [SCORE, SLOTS, SHARE] = ["score", "slots", "share of the series that was real"].map(at);

/** The series' own share of real ones, the score and the length, weighted by hand. */
const hand = () => ({ chance: (seen) => 1 / (1 + Math.exp(0.5 - seen[SHARE] - 2 * seen[SCORE] - 0.5 * seen[SLOTS])) });

/** Ways to estimate the chance that an episode is real. */
export const WAYS = { forest: grow, logistic, "three features by hand": hand };

/** The newest estimates from the verdicts so far; forests are kept over the whole set. */
export function estimates(learn) {
  const grown = new Map();
  let of;
  let from = [];
  return ({ all }) => {
    if (of === undefined || from !== all) {
      from = all;
      of = openConfidence(all, { grown, learn }).of;
    }
    return of;
  };
}

/** How well a way orders and estimates later episodes where nothing is held back: of all that got an estimate. */
export function ordering(whole, learn, how) {
  const confidenceOf = estimates(learn);
  const pairs = [];
  const shown = { isHeld: () => false, heard: (score) => score };
  let judged = 0;
  answered(whole, shown, how, (record, verdict, known) => {
    if (verdict === undefined) return;
    judged++;
    const chance = confidenceOf(known)(record);
    if (chance === undefined) return;
    const real = known.all.filter((one) => one.verdict === "true").length;
    const constant = (real + 1) / (known.all.length + 2);
    pairs.push({ chance, constant, real: verdict === "true" ? 1 : 0 });
  });
  const square = (of) => pairs.reduce((sum, pair) => sum + (of(pair) - pair.real) ** 2, 0);
  return {
    estimated: pairs.length / Math.max(1, judged),
    auc: areaUnderCurve(pairs),
    brier: pairs.length === 0 ? Number.NaN : square(({ chance }) => chance) / square(({ constant }) => constant),
  };
}

/** What `--min-confidence` alone holds back: slots up to the one in which the confidence reaches it. */
export function holdingBack(whole, learn, least, how) {
  const confidenceOf = estimates(learn);
  const isHeld = (record, _, known) => record.score < 4 && (confidenceOf(known)(record) ?? 1) < least;
  const heard = (score, { startMs, stepMs }, record, own, known) => {
    let kept = score;
    let highest = 0;
    let points = 0;
    const last = Math.min(score.length, Math.round((Date.parse(record.end) - startMs) / stepMs));
    for (let i = Math.max(0, Math.round((Date.parse(record.start) - startMs) / stepMs)); i < last; i++) {
      if (!(score[i] >= 1)) continue;
      highest = Math.max(highest, score[i]);
      points++;
      if (!isHeld({ ...record, score: highest, points }, own, known)) break;
      if (kept === score) kept = Float64Array.from(score);
      kept[i] = 0.999;
    }
    return kept;
  };
  return changeOf(whole.before, answered(whole, { isHeld, heard }, how));
}

/** The chance that a real one has more confidence than a false alarm, ties half; NaN without one of them. */
function areaUnderCurve(pairs) {
  const real = pairs.filter((pair) => pair.real === 1);
  const alarms = pairs.filter((pair) => pair.real === 0);
  let won = 0;
  for (const a of real) for (const b of alarms) won += a.chance > b.chance ? 1 : a.chance === b.chance ? 0.5 : 0;
  return won / (real.length * alarms.length);
}
