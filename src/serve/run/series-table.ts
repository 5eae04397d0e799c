import { SERIES_STATES, type SeriesStatus } from "../../records/status.js";
import type { SeriesPoints } from "../../runs/find-anomalies.js";
import { seriesKey } from "../../series/series.js";
import { FIGURES, type SeriesIdentity } from "./series-now.js";

/*
 * What is known of each series of a job, on the way from the thread that scores to the one that answers. Ten thousand series as objects
 * would keep the other side busy for longer than it may be: names and labels go once, in pieces; figures go as one array that is handed
 * over. A series has a place (a row) in the table for as long as it is there.
 */

/** A piece of names and labels. */
export interface NamesPiece {
  readonly kind: "names";
  readonly added: readonly (readonly [row: number, identity: SeriesIdentity])[];
}

/** The figures of all rows; comes after the names. */
export interface FiguresPiece {
  readonly kind: "figures";
  readonly rows: number;
  /** By row: index into SERIES_STATES; `EMPTY_ROW` where there is no series. */
  readonly states: Uint8Array;
  /** FIGURES of row 0, of row 1 … */
  readonly figures: Float64Array;
  /** The reasons that have changed. */
  readonly reasons: readonly (readonly [row: number, reason: string | null])[];
}

export const EMPTY_ROW = 255;
/** This many identities are unpacked within a few milliseconds. */
const NAMES_A_PIECE = 500;

/** The thread's side of the table. */
export class SeriesTable {
  private rows = new Map<string, number>();
  private readonly free: number[] = [];
  private capacity = 0;
  private states = new Uint8Array(0);
  private figures = new Float64Array(0);
  private reasons: (string | null)[] = [];

  /** What a run has said of its series. Series that it says nothing of are gone. */
  update(statuses: readonly SeriesStatus[], points: readonly SeriesPoints[]): (NamesPiece | FiguresPiece)[] {
    const newest = new Map(points.map((one) => [seriesKey(one.labels), one]));
    const seen = new Map<string, number>();
    const added: (readonly [number, SeriesIdentity])[] = [];
    const changed: (readonly [number, string | null])[] = [];
    for (const status of statuses) {
      const key = `${status.series}\n${seriesKey(status.labels)}`;
      if (seen.has(key)) continue;
      const known = this.rows.get(key);
      const row = known ?? this.newRow();
      if (known === undefined) {
        const { series: name, machine, aggregator, labels } = status;
        added.push([row, { name, machine, aggregator, labels }]);
      }
      seen.set(key, row);
      this.states[row] = SERIES_STATES.indexOf(status.state);
      if (this.reasons[row] !== status.reason) {
        this.reasons[row] = status.reason;
        changed.push([row, status.reason]);
      }
      const own = newest.get(seriesKey(status.labels));
      if (own !== undefined) this.setFigures(row, own);
    }
    for (const [key, row] of this.rows) {
      if (seen.has(key)) continue;
      this.clear(row);
      this.free.push(row);
    }
    this.rows = seen;
    return [...piecesOf(added), this.figuresPiece(changed)];
  }

  /** What an earlier process has written of the newest run: statuses, with the newest score and value, but no band. */
  remember(statuses: readonly SeriesStatus[]): (NamesPiece | FiguresPiece)[] {
    const points = statuses.flatMap(({ series: name, labels, score, last_at, last_value }): SeriesPoints[] => {
      if (score === null || last_at === null) return [];
      const unknown = Float64Array.of(Number.NaN);
      const figures = {
        observed: Float64Array.of(last_value ?? Number.NaN),
        expected: unknown,
        lower: unknown,
        upper: unknown,
      };
      return [{ name, labels, startMs: Date.parse(last_at), stepMs: 1, ...figures, score: Float64Array.of(score) }];
    });
    return this.update(statuses, points);
  }

  /** A run that failed: none of the series was scored, and each says why. The figures stay, with their time. */
  fail(reason: string): FiguresPiece {
    const changed: (readonly [number, string])[] = [];
    for (const row of this.rows.values()) {
      this.states[row] = SERIES_STATES.indexOf("failed");
      this.reasons[row] = reason;
      changed.push([row, reason]);
    }
    return this.figuresPiece(changed);
  }

  private figuresPiece(reasons: FiguresPiece["reasons"]): FiguresPiece {
    const rows = this.capacity;
    return {
      kind: "figures",
      rows,
      states: this.states.slice(0, rows),
      figures: this.figures.slice(0, rows * FIGURES.length),
      reasons,
    };
  }

  /** The newest slot that has a score, if there is one: what was said before stays otherwise. */
  private setFigures(row: number, { startMs, stepMs, observed, expected, lower, upper, score }: SeriesPoints): void {
    let slot = score.length - 1;
    while (slot >= 0 && score[slot] !== score[slot]) slot--;
    if (slot < 0) return;
    this.figures.set(
      [startMs + slot * stepMs, observed[slot], expected[slot], lower[slot], upper[slot], score[slot]],
      row * FIGURES.length,
    );
  }

  private newRow(): number {
    const reused = this.free.pop();
    if (reused !== undefined) return reused;
    const row = this.capacity++;
    if (row >= this.states.length) {
      const length = Math.max(64, this.states.length * 2);
      const states = new Uint8Array(length).fill(EMPTY_ROW);
      const figures = new Float64Array(length * FIGURES.length).fill(Number.NaN);
      states.set(this.states);
      figures.set(this.figures);
      this.states = states;
      this.figures = figures;
    }
    return row;
  }

  private clear(row: number): void {
    this.states[row] = EMPTY_ROW;
    this.reasons[row] = null;
    this.figures.fill(Number.NaN, row * FIGURES.length, (row + 1) * FIGURES.length);
  }
}

function piecesOf(added: NamesPiece["added"]): NamesPiece[] {
  const pieces: NamesPiece[] = [];
  for (let at = 0; at < added.length; at += NAMES_A_PIECE) {
    pieces.push({ kind: "names", added: added.slice(at, at + NAMES_A_PIECE) });
  }
  return pieces;
}
