import { serve } from "../threads/serve.js";
import { type DetectorName, loadDetector } from "./registry.js";

/** What a thread of a fit is sent: a step of a detector's course to open, then parts of it. */
export type FitTask =
  | { readonly kind: "open"; readonly detector: DetectorName; readonly step: string; readonly shared: unknown }
  | { readonly kind: "part"; readonly part: unknown };

let work: (part: unknown) => unknown = () => {
  throw new Error("a part of a fit was sent before its step");
};

serve<FitTask, unknown>(async (task) => {
  if (task.kind === "part") return work(task.part);
  const fit = await (await loadDetector(task.detector)).loadFit?.();
  if (fit === undefined) throw new Error(`the detector ${task.detector} has nothing to fit`);
  work = fit.openStep(task.step, task.shared);
  return undefined;
});
