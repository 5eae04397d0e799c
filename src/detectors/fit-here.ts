import { type Course, doneAfter, type OnFitProgress, type OpenStep } from "./fit.js";

/** Does a course in this thread, with a pause after each part. */
export function* fitHere<Result>(
  course: Course<Result>,
  openStep: OpenStep,
  onProgress?: OnFitProgress,
): Generator<void, Result, void> {
  let next = course.next();
  while (next.done !== true) {
    const batch = next.value;
    const work = openStep(batch.step, batch.shared);
    const results: unknown[] = [];
    for (const part of batch.parts) {
      results.push(work(part));
      batch.onPart?.(results.length - 1, results[results.length - 1]);
      onProgress?.(doneAfter(batch, results.length), batch.phase);
      yield;
    }
    next = course.next(results);
  }
  return next.value;
}
