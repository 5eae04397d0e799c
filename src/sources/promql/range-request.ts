import type { ReplySeries } from "../reply-series.js";

/** An expression evaluated at `startMs`, a step later, and so on up to `lastMs` (inclusive). */
export interface RangeRequest {
  readonly expression: string;
  readonly startMs: number;
  readonly lastMs: number;
  readonly stepMs: number;
}

/** The way to a server that speaks PromQL: its own API, Grafana's proxy in front of it, or Grafana's query API. */
export type RangeTransport = (request: RangeRequest) => Promise<readonly ReplySeries[]>;

/** Evaluations of a request. */
export function pointsOf({ startMs, lastMs, stepMs }: RangeRequest): number {
  return Math.floor((lastMs - startMs) / stepMs) + 1;
}

/** A request as several of at most `most` evaluations, in order of time. */
export function inChunks(request: RangeRequest, most: number): RangeRequest[] {
  const chunks: RangeRequest[] = [];
  for (let startMs = request.startMs; startMs <= request.lastMs; startMs += most * request.stepMs) {
    chunks.push({ ...request, startMs, lastMs: Math.min(request.lastMs, startMs + (most - 1) * request.stepMs) });
  }
  return chunks;
}
