import { bench, describe } from "vitest";
import { normal, seededRandom } from "../math/random.js";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../time/duration.js";
import { FeatureMachine, featureNames, type View } from "./feature-machine.js";
import { planFeatures } from "./feature-plan.js";
import { quantise } from "./quantise.js";

const SLOTS = 10_000;
const VIEWS: readonly View[] = ["recent", "seasonal"];
const random = seededRandom(1);
const values = Int32Array.from({ length: SLOTS }, () => quantise(normal(random)));

describe.each([
  ["20 minutes", HOUR_MS / 3],
  ["1 minute", MINUTE_MS],
])(`${SLOTS} slots of %s`, (_, stepMs) => {
  const plan = planFeatures(stepMs, 30 * DAY_MS, "UTC");
  const rows = VIEWS.map((view) => new Float32Array(featureNames(plan, view).length));
  bench("pushed", () => {
    const machine = new FeatureMachine(plan);
    for (const value of values) machine.push(value);
  });
  bench("pushed and described in both views", () => {
    const machine = new FeatureMachine(plan);
    for (let i = 0; i < SLOTS; i++) {
      VIEWS.forEach((view, v) => {
        machine.describe(view, i * stepMs, machine.anchor(view), rows[v]);
      });
      machine.push(values[i]);
    }
  });
  const full = new FeatureMachine(plan);
  for (const value of values) full.push(value);
  const state = new Float64Array(full.stateLength);
  full.save(state, 0);
  const resumed = new FeatureMachine(plan);
  bench("one machine restored", () => {
    resumed.restore(state, 0);
  });
});
