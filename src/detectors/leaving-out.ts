import { exclude, isExcluded } from "../series/exclude.js";
import { type Series, seriesKey, type TimeRange } from "../series/series.js";
import type { FittedDetector, ScoredSlot, ScorerState, SeriesKnowledge, SeriesScorer } from "./detector.js";
import type { Explanation } from "./explanation.js";

/** Stands behind the two states of a series in a span, so that they are not taken for one of a detector with twice as long a state. */
const PAIR_MARK = 1;

/**
 * The detector, which learns nothing from the spans that a series' knowledge names (`leftOut`). Within a span it says what it would say
 * without it; after a span what it would have said had nothing been known of its values.
 */
export function leavingOut(detector: FittedDetector): FittedDetector {
  return { ...detector, open: (known) => new LeavingOut(detector, known) };
}

/** What a detector has learned of a series, or what the series says of itself outside of spans, together with the spans. */
export function knowledgeWithout(
  leftOut: readonly TimeRange[],
  detector: FittedDetector,
  series: Series,
): SeriesKnowledge {
  const known = detector.learnedOf(seriesKey(series.labels)) ?? detector.describe(exclude(series, leftOut));
  return leftOut.length === 0 ? known : { ...known, leftOut };
}

/**
 * In a span there are two scorers: one that learns as ever and says what it sees, and one that lets the slots pass. At the end of the span the
 * first is forgotten. Outside of spans the states are those of the detector itself.
 */
class LeavingOut implements SeriesScorer {
  private readonly detector: FittedDetector;
  private readonly lasting: SeriesScorer;
  readonly turnTo?: (known: SeriesKnowledge) => void;
  private known: SeriesKnowledge;
  /** For the time of a span. */
  private passing: SeriesScorer | undefined;
  private isInSpan = false;
  private said: SeriesScorer;
  private lastMs = Number.NaN;

  constructor(detector: FittedDetector, known: SeriesKnowledge) {
    this.detector = detector;
    this.known = known;
    this.lasting = detector.open(known);
    this.said = this.lasting;
    if (this.lasting.turnTo !== undefined) {
      this.turnTo = (other) => {
        this.known = other;
        this.lasting.turnTo?.(other);
        this.passing?.turnTo?.(other);
        this.isInSpan = false;
        this.lastMs = Number.NaN;
      };
    }
  }

  push(timeMs: number, value: number, into: ScoredSlot): void {
    this.lastMs = timeMs;
    if (!this.isLeftOut(timeMs)) {
      this.isInSpan = false;
      this.lasting.push(timeMs, value, into);
      this.said = this.lasting;
      return;
    }
    if (!this.isInSpan) this.enter(this.lasting.save());
    this.opened().push(timeMs, value, into);
    this.lasting.pass(timeMs, value);
    this.said = this.opened();
  }

  pass(timeMs: number, value: number): void {
    this.lastMs = timeMs;
    this.lasting.pass(timeMs, value);
    if (this.isInSpan) this.opened().pass(timeMs, value);
  }

  private isLeftOut(timeMs: number): boolean {
    const { leftOut } = this.known;
    return leftOut !== undefined && isExcluded(leftOut, timeMs, this.detector.stepMs);
  }

  private enter(state: ScorerState): void {
    this.opened().restore(state);
    this.isInSpan = true;
  }

  private opened(): SeriesScorer {
    this.passing ??= this.detector.open(this.known);
    return this.passing;
  }

  explain(): Explanation {
    return this.said.explain();
  }

  get stateLength(): number {
    return this.isPair ? this.pairLength : this.lasting.stateLength;
  }

  private get pairLength(): number {
    return 2 * this.lasting.stateLength + 1;
  }

  /** Whether the next slot needs both. */
  private get isPair(): boolean {
    const nextMs = this.lastMs + this.detector.stepMs;
    return this.isInSpan && (nextMs !== nextMs || this.isLeftOut(nextMs));
  }

  save(spare?: ScorerState): ScorerState {
    if (!this.isPair) return this.lasting.save(spare);
    const [lasting, passing] = [this.lasting.save(), this.opened().save()];
    const pair = lasting instanceof Uint8Array ? new Uint8Array(this.pairLength) : new Float64Array(this.pairLength);
    pair.set(lasting);
    pair.set(passing, lasting.length);
    pair[pair.length - 1] = PAIR_MARK;
    return pair;
  }

  restore(state: ScorerState): void {
    this.lastMs = Number.NaN;
    this.isInSpan = state.length === this.pairLength && state[state.length - 1] === PAIR_MARK;
    if (!this.isInSpan) {
      this.lasting.restore(state);
      return;
    }
    const { stateLength } = this.lasting;
    this.lasting.restore(state.slice(0, stateLength));
    this.enter(state.slice(stateLength, 2 * stateLength));
  }
}
