import { UNNAMED } from "../detectors/registry.js";
import type { ArrayEntry, Header } from "./header.js";

/** The header of version 0.1: one detector, whose fields are those of the model. */
interface HeaderOf1 extends Omit<Header, "stepMs" | "timezone" | "sections"> {
  readonly plan?: { readonly stepMs?: number; readonly timezone?: string };
  readonly featureCounts?: unknown;
  readonly divisors?: unknown;
  readonly seriesDays?: unknown;
  readonly arrays?: readonly ArrayEntry[];
}

/** A header of format 1 as one of today's: its arrays have the same names in the same order. Nothing is checked here. */
export function headerOf1(header: HeaderOf1): Header {
  const { plan, featureCounts, divisors, seriesDays, arrays, ...rest } = header ?? {};
  return {
    ...rest,
    stepMs: plan?.stepMs as number,
    timezone: plan?.timezone as string,
    sections: [
      {
        detector: UNNAMED,
        header: { plan, featureCounts, divisors, seriesDays },
        arrays: arrays as readonly ArrayEntry[],
      },
    ],
  };
}
