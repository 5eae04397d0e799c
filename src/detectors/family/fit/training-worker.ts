import { serve } from "../../../threads/serve.js";
import { openStep, type StepName } from "./training-steps.js";

/** What a thread of the training is sent: a step to open, then parts of it. */
export type TrainingTask =
  | { readonly kind: "open"; readonly step: StepName; readonly shared: unknown }
  | { readonly kind: "part"; readonly part: unknown };

let work: (part: unknown) => unknown = () => {
  throw new Error("a part of the training was sent before its step");
};

serve<TrainingTask, unknown>((task) => {
  if (task.kind === "part") return work(task.part);
  work = openStep(task.step, task.shared);
  return undefined;
});
