import type { Choice } from "../choice.js";

/** A choice for some series, every other one looked at by residual. */
export function testChoice(seriesCount: number, changes: Partial<Choice> = {}): Choice {
  return {
    budget: { episodes: 1, perMs: 604_800_000 },
    share: 0.8,
    detectors: [
      { name: "family", divisor: 1 },
      { name: "residual", divisor: 1.5 },
    ],
    unknown: 0,
    curves: [
      { name: "shift_30m", grows: "size", durationMs: 1_800_000 },
      { name: "silence", grows: "length", durationMs: 86_400_000 },
    ],
    series: Array.from({ length: seriesCount }, (_, i) => ({
      detector: i % 2,
      power: 0.6,
      trait: "steady",
      measured: true,
      level: 10,
      spread: 2,
      smallest: [2.5, null],
    })),
    ...changes,
  };
}
