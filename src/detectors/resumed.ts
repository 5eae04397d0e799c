import type { Course } from "./fit.js";

/** Results of parts of a fit that outlive a run. Batches and their parts are counted from 0. */
export interface FitJournal {
  /** What an earlier run has kept of a part; undefined where it has not come so far. */
  readonly done: (batch: number, part: number) => unknown;
  readonly keep: (batch: number, part: number, result: unknown) => void;
}

/**
 * A course that continues where an earlier run of the same one ended: parts that are done are not done again, and each result is kept once it is there. Because nothing in
 * a course depends on who does its parts, it comes to the same.
 */
export function* resumed<Result>(course: Course<Result>, journal: FitJournal): Course<Result> {
  let next = course.next();
  for (let batch = 0; next.done !== true; batch++) {
    const { parts } = next.value;
    const number = batch;
    const results = parts.map((_, part) => journal.done(number, part));
    const missing = parts.flatMap((_, part) => (results[part] === undefined ? [part] : []));
    if (missing.length > 0) {
      const onPart = (i: number, result: unknown) => journal.keep(number, missing[i], result);
      const rest = yield { ...next.value, parts: missing.map((part) => parts[part]), onPart };
      missing.forEach((part, i) => {
        results[part] = rest[i];
      });
    }
    next = course.next(results);
  }
  return next.value;
}
