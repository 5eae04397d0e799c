import type { StateCursor } from "../../math/state-cursor.js";
import { HOUR_MS } from "../../time/duration.js";
import type { BandScorer } from "../band/band-scorer.js";
import type { Forecaster } from "../band/forecaster.js";
import type { ScoredSlot } from "../detector.js";
import { type ExplainedPart, type Explanation, inOrder } from "../explanation.js";
import { boundedValue } from "../finite.js";
import type { ValueScorer } from "../machine/by-class.js";
import { keepLarger } from "../rules.js";
import type { IsolationWatch } from "./isolation-watch.js";
import type { LevelWatch } from "./level-watch.js";

/** An incident is kept out of the memory for so long, then it is the new normal. */
const ADOPT_MS = HOUR_MS / 2;

/**
 * What seasons and trend leave of a series, looked at in three ways: its distance (the band), how unlike others it and its last hour are (the forest), and
 * whether its level changed. The largest is the score; each lies on its own past.
 */
export class DecompositionScorer implements ValueScorer {
  private readonly forecaster: Forecaster;
  private readonly band: BandScorer;
  private readonly shape: IsolationWatch;
  private readonly level: LevelWatch;
  private readonly adoptSlots: number;
  private anomalousRun = 0;
  /** Of the last slot, for its explanation; no part of the state. */
  private isRated = false;

  /** @param band around `forecaster`. */
  constructor(stepMs: number, forecaster: Forecaster, band: BandScorer, shape: IsolationWatch, level: LevelWatch) {
    this.forecaster = forecaster;
    this.band = band;
    this.shape = shape;
    this.level = level;
    this.adoptSlots = Math.round(ADOPT_MS / stepMs);
  }

  push(timeMs: number, value: number, into: ScoredSlot): void {
    const wasSparse = this.band.isSparse;
    this.band.push(timeMs, value, into);
    const finite = boundedValue(value);
    const { expected } = this.forecaster;
    this.shape.push(timeMs, finite - expected);
    this.level.push(timeMs, finite, expected);
    this.isRated = !(into.warming || wasSparse) && finite === finite;
    if (this.isRated) {
      keepLarger(into, "shape", this.shape.score);
      keepLarger(into, "shift", this.level.score);
    }
    const isAlarm = into.score >= 1;
    if (isAlarm) this.anomalousRun++;
    else if (finite === finite) this.anomalousRun = 0;
    this.shape.learn(isAlarm, isAlarm && this.anomalousRun <= this.adoptSlots);
  }

  /** Forest and level see a slot without a value. */
  pass(timeMs: number): void {
    this.band.pass(timeMs);
    this.shape.push(timeMs, Number.NaN);
    this.level.push(timeMs, Number.NaN, this.forecaster.expected);
    this.shape.learn(false, false);
  }

  get isSparse(): boolean {
    return this.band.isSparse;
  }

  get offSeason(): number {
    return this.band.offSeason;
  }

  explain(): Omit<Explanation, "class"> {
    const { parts, passes } = this.band.explain();
    if (!this.isRated) return { parts, passes };
    const { shape, level } = this;
    // What is new by its last hour or its level is so whatever the slot itself holds.
    const isOfValue = shape.score < 1 && level.score < 1;
    const own: ExplainedPart[] = [
      {
        name: "remainder and its last hour: times sooner set apart than an average slot",
        ...{ value: shape.isolation, limit: shape.limit, unit: "share" },
      },
    ];
    if (level.score > 0) {
      own.push({ name: "new level against the one before", value: level.distance, limit: level.alarmDistance });
    }
    return {
      parts: inOrder([...parts, ...own]),
      passes: isOfValue ? passes : null,
      ...(level.score >= 1 && { notes: [level.note] }),
    };
  }

  walk(state: StateCursor): void {
    this.anomalousRun = state.number(this.anomalousRun);
    this.band.walk(state);
    this.shape.walk(state);
    this.level.walk(state);
  }
}
