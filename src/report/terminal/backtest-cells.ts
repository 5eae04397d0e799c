import { formatDuration } from "../../time/duration.js";

/** A figure with two digits; `-` where there is none. */
export const ratio = (value: number | null | undefined): string =>
  value === null || value === undefined || Number.isNaN(value) ? "-" : value.toFixed(2);

/** A time in words; `-` where there is none. */
export const delay = (ms: number | null): string => (ms === null ? "-" : ms < 1000 ? "0s" : formatDuration(ms));

/** A share (0–1) in per cent; `-` for NaN. */
export const percent = (share: number): string => (Number.isNaN(share) ? "-" : `${(share * 100).toFixed(1)}%`);
