import type { FittedDetector, ScoredSlot, SeriesKnowledge, SeriesScorer } from "./detector.js";
import { RUN_CAUSES } from "./rules.js";

/**
 * A detector whose threshold lies elsewhere: score 1 is what was `divisor`, and the band moves along. The scorer inside learns as ever,
 * so its states and those of the detector itself are the same.
 */
export function dividedDetector(detector: FittedDetector, divisor: number): FittedDetector {
  if (divisor === 1) return detector;
  return { ...detector, open: (known) => divided(detector.open(known), divisor) };
}

function divided(scorer: SeriesScorer, divisor: number): SeriesScorer {
  return {
    push(timeMs, value, into) {
      scorer.push(timeMs, value, into);
      divideSlot(into, divisor);
    },
    pass: (timeMs, value) => scorer.pass(timeMs, value),
    explain() {
      const { parts, passes: _, ...rest } = scorer.explain();
      const limits = parts.map((part) => (part.unit === "slots" ? part : { ...part, limit: part.limit * divisor }));
      // The range that passes is known for the detector's own threshold only.
      return { ...rest, parts: limits, passes: null };
    },
    get stateLength() {
      return scorer.stateLength;
    },
    save: (spare) => scorer.save(spare),
    restore: (state) => scorer.restore(state),
    ...(scorer.turnTo && { turnTo: (known: SeriesKnowledge) => scorer.turnTo?.(known) }),
  };
}

function divideSlot(into: ScoredSlot, divisor: number): void {
  if (RUN_CAUSES.includes(into.cause)) return;
  into.score /= divisor;
  into.lower = into.expected + (into.lower - into.expected) * divisor;
  into.upper = into.expected + (into.upper - into.expected) * divisor;
}
