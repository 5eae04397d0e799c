import type { EpisodeKind, Severity } from "../records/record.js";

export type ThemeName = "light" | "dark";

/**
 * Colours of a picture. Hues are Okabe & Ito's, which people with any kind of colour blindness can distinguish
 * (Okabe & Ito 2008, "Color Universal Design"); `critical` is the wine of Paul Tol's muted scheme, because theirs has no darker red.
 * Texts in a line's hue are darker (or lighter) than the line, so that they keep a contrast of 4.5 to the background.
 */
export interface Theme {
  readonly background: string;
  readonly text: string;
  readonly faintText: string;
  readonly grid: string;
  /** Ground of every second row of a table. */
  readonly stripe: string;
  readonly axis: string;
  readonly observed: string;
  readonly expected: string;
  readonly expectedText: string;
  readonly band: string;
  readonly bandOpacity: number;
  readonly bandText: string;
  readonly lag24: string;
  readonly lag24Text: string;
  readonly lag72: string;
  readonly lag72Text: string;
  readonly lagOpacity: number;
  /** Shade between the smallest and the largest value of an hour. */
  readonly historyOpacity: number;
  readonly episode: string;
  readonly episodeOpacity: number;
  readonly episodeText: string;
  readonly severity: Readonly<Record<Severity, string>>;
  /** Of a kind, where several are distinguished. Hues of Paul Tol's muted scheme, none of which is a severity's. */
  readonly kind: Readonly<Record<EpisodeKind, string>>;
  /** Text on a patch of the severity's colour. */
  readonly onSeverity: Readonly<Record<Severity, string>>;
}

const ON_SEVERITY = { low: "#10222e", medium: "#2b1d00", high: "#ffffff", critical: "#ffffff" };

export const THEMES: Readonly<Record<ThemeName, Theme>> = {
  light: {
    background: "#ffffff",
    text: "#1b1f24",
    faintText: "#57606a",
    grid: "#e9ecef",
    stripe: "#f5f6f8",
    axis: "#8c959f",
    observed: "#1b1f24",
    expected: "#0072b2",
    expectedText: "#0072b2",
    band: "#56b4e9",
    bandOpacity: 0.25,
    bandText: "#1f6f9f",
    lag24: "#e69f00",
    lag24Text: "#8a5f00",
    lag72: "#cc79a7",
    lag72Text: "#98487a",
    lagOpacity: 0.75,
    historyOpacity: 0.22,
    episode: "#d55e00",
    episodeOpacity: 0.14,
    episodeText: "#b34f00",
    kind: {
      spike: "#cc6677",
      drop: "#332288",
      level_shift: "#44aa99",
      drift: "#117733",
      stall: "#999933",
      variance: "#aa4499",
      silence: "#6f7782",
      lateness: "#ddcc77",
      group: "#88ccee",
    },
    severity: { low: "#56b4e9", medium: "#e69f00", high: "#d55e00", critical: "#882255" },
    onSeverity: { ...ON_SEVERITY, high: "#1b0d00" },
  },
  dark: {
    background: "#14181f",
    text: "#e6e9ef",
    faintText: "#9aa4b2",
    grid: "#252c37",
    stripe: "#1a1f28",
    axis: "#5b6573",
    observed: "#f2f4f8",
    expected: "#56b4e9",
    expectedText: "#56b4e9",
    band: "#56b4e9",
    bandOpacity: 0.2,
    bandText: "#8cc9ee",
    lag24: "#e69f00",
    lag24Text: "#e69f00",
    lag72: "#cc79a7",
    lag72Text: "#d996bb",
    lagOpacity: 0.6,
    historyOpacity: 0.3,
    episode: "#d55e00",
    episodeOpacity: 0.2,
    episodeText: "#ff8a3d",
    kind: {
      spike: "#e08797",
      drop: "#9a8cf0",
      level_shift: "#55c9b6",
      drift: "#4fae72",
      stall: "#b9b94a",
      variance: "#d07bc4",
      silence: "#9aa4b2",
      lateness: "#ddcc77",
      group: "#88ccee",
    },
    severity: { low: "#56b4e9", medium: "#e69f00", high: "#d55e00", critical: "#dd5c97" },
    onSeverity: { ...ON_SEVERITY, high: "#1b0d00", critical: "#2b0718" },
  },
};

/** Worst first. */
export const SEVERITIES: readonly Severity[] = ["critical", "high", "medium", "low"];

/** The font that ships with the package; browsers without it take one of the same widths. */
export const FONT = "DejaVu Sans, Verdana, sans-serif";
