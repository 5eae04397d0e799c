import { emptySlot } from "../../dist/detectors/detector.js";
import { openModel } from "../../dist/detectors/family/learned.js";
import { FeatureMachine, featureNames } from "../../dist/features/feature-machine.js";
import { quantise } from "../../dist/features/quantise.js";
import { takeSlots } from "../../dist/shelf/stored-series.js";
import { serve } from "../../dist/threads/serve.js";

/* A thread that goes through every row of its series: describes it in both views, or scores it as live. */

const VIEWS = ["recent", "seasonal"];
let open;

/** The features of each slot of a series, in both views. */
function describeAll({ startMs, stepMs, values }, { location, spread }) {
  const { plan } = open;
  const machine = new FeatureMachine(plan);
  const rows = VIEWS.map((view) => new Float32Array(featureNames(plan, view).length));
  for (let i = 0; i < values.length; i++) {
    VIEWS.forEach((view, v) => {
      machine.describe(view, startMs + i * stepMs, machine.anchor(view), rows[v]);
    });
    machine.push(quantise((values[i] - location) / spread));
  }
}

function scoreAll({ startMs, stepMs, values }, profile) {
  const scorer = open.detector.open(profile);
  const slot = emptySlot();
  for (let i = 0; i < values.length; i++) scorer.push(startMs + i * stepMs, values[i], slot);
}

serve((task) => {
  if (task.kind === "open") {
    open = { ...task, plan: task.model.plan, profiles: task.model.profiles, detector: openModel(task.model) };
    return 0;
  }
  const doAll = open.work === "features" ? describeAll : scoreAll;
  let rows = 0;
  for (let s = task.from; s < task.until; s++) {
    const series = takeSlots(open.series[s]);
    doAll(series, open.profiles[s]);
    rows += series.values.length;
  }
  return rows;
});
