import type { TopLevelSpec } from "vega-lite";
import { FONT } from "./theme.js";

/** A picture as data: what is drawn, before anything is drawn. */
export type VegaLiteSpec = TopLevelSpec;

/** One layer of a layered specification; the library does not export its type by a name of its own. */
export type Layer = Extract<TopLevelSpec, { layer: unknown }>["layer"][number];

/** What all pictures share. The library's descriptions for screen readers would write times in the machine's own zone. */
export const CONFIG = { font: FONT, aria: false, view: { stroke: null } } as const;

/** A text at a place in px, (0, 0) being the upper left corner of the plot. `y` is the base line. */
export interface PlacedText {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly size: number;
  readonly colour: string;
  readonly weight?: "bold" | "normal";
  readonly align?: "left" | "center" | "right";
}

export interface PlacedBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly colour: string;
}

/** Texts that belong to no axis, as one layer: each row says itself where and how it is written. */
export function textLayer(texts: readonly PlacedText[]): Layer {
  return {
    data: { values: texts.map((text) => ({ weight: "normal", align: "left", ...text })) },
    mark: {
      type: "text",
      tooltip: null,
      baseline: "alphabetic",
      x: { expr: "datum.x" },
      y: { expr: "datum.y" },
      text: { expr: "datum.text" },
      fontSize: { expr: "datum.size" },
      fill: { expr: "datum.colour" },
      fontWeight: { expr: "datum.weight" },
      align: { expr: "datum.align" },
    },
  } as Layer;
}

/** Filled boxes with slightly round corners, placed in px. */
export function boxLayer(boxes: readonly PlacedBox[]): Layer {
  return {
    data: { values: [...boxes] },
    mark: {
      type: "rect",
      tooltip: null,
      cornerRadius: 3,
      x: { expr: "datum.x" },
      y: { expr: "datum.y" },
      // With a width the library would take x for the middle.
      x2: { expr: "datum.x + datum.width" },
      y2: { expr: "datum.y + datum.height" },
      fill: { expr: "datum.colour" },
    },
  } as Layer;
}

/** Channels that hold px themselves: what is placed so has no part in the axes of the plot. */
export const PX = {
  x: { field: "x", type: "quantitative", scale: null, axis: null },
  y: { field: "y", type: "quantitative", scale: null, axis: null },
} as const;

export interface PlacedRule {
  readonly x: number;
  readonly y: number;
  readonly x2: number;
  readonly y2: number;
}

/** Straight lines of one look, placed in px. */
export function ruleLayer(
  rules: readonly PlacedRule[],
  look: { readonly color: string; readonly strokeDash?: readonly number[] },
): Layer {
  return {
    data: { values: [...rules] },
    mark: { type: "rule", tooltip: null, ...look },
    encoding: { ...PX, x2: { field: "x2" }, y2: { field: "y2" } },
  } as Layer;
}
