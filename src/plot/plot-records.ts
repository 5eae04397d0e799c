import type { HydratedRecord } from "../anomalies/record.js";
import { messageOf } from "../errors/errors.js";
import { episodeSpec, type PictureOptions } from "./episode-spec.js";
import { overviewSpec } from "./overview-spec.js";
import { type PictureFormat, pictureName } from "./picture-name.js";
import { renderHtml } from "./render-html.js";
import { renderPng } from "./render-png.js";
import { renderSvg } from "./render-svg.js";
import type { VegaLiteSpec } from "./vega-lite-spec.js";

export interface PlotOptions extends Omit<PictureOptions, "interactive"> {
  readonly format: PictureFormat;
  /** Pixels of a PNG for each unit of the picture. Default 1. */
  readonly scale?: number;
  readonly episodes?: boolean;
  readonly overview?: boolean;
  /** Puts a finished picture where it belongs; what it throws ends the run. */
  readonly write: (name: string, content: string | Uint8Array) => void | Promise<void>;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number; readonly name: string }) => void;
  readonly signal?: AbortSignal;
}

export interface Plotted {
  /** Names of the pictures that were written, in the order of the records; the overview last. */
  readonly names: readonly string[];
  readonly failures: readonly { readonly name: string; readonly reason: string }[];
}

export const OVERVIEW_NAME = "overview";
/** A PNG is drawn in another thread while the next SVG is made; more in flight only wait for the second core. */
const IN_FLIGHT = 2;

/**
 * Draws a picture of each record and one of all. A record that cannot be drawn is told of and leaves the others alone.
 */
export async function plotRecords(records: readonly HydratedRecord[], options: PlotOptions): Promise<Plotted> {
  const look = { theme: options.theme, timezone: options.timezone, interactive: options.format === "html" };
  const jobs: { readonly name: string; readonly spec: () => VegaLiteSpec }[] = [];
  if (options.episodes !== false) {
    for (const record of records) {
      jobs.push({ name: pictureName(record, options.format), spec: () => episodeSpec(record, look) });
    }
  }
  if (options.overview !== false && records.length > 0) {
    jobs.push({ name: `${OVERVIEW_NAME}.${options.format}`, spec: () => overviewSpec(records, look) });
  }
  const names: string[] = [];
  const failures: { name: string; reason: string }[] = [];
  const drawing: { readonly name: string; readonly content: Promise<Outcome> }[] = [];
  const finishOldest = async () => {
    const { name, content } = drawing.shift()!;
    const outcome = await content;
    if ("content" in outcome) {
      await options.write(name, outcome.content);
      names.push(name);
    } else failures.push({ name, reason: outcome.reason });
    options.onProgress?.({ done: names.length + failures.length, total: jobs.length, name });
  };
  for (const { name, spec } of jobs) {
    options.signal?.throwIfAborted();
    drawing.push({ name, content: draw(spec, options) });
    if (drawing.length >= IN_FLIGHT) await finishOldest();
  }
  while (drawing.length > 0) await finishOldest();
  return { names, failures };
}

type Outcome = { readonly content: string | Uint8Array } | { readonly reason: string };

/** A failure is a value here: a promise that is waited for later must not reject before. */
async function draw(spec: () => VegaLiteSpec, { format, scale }: PlotOptions): Promise<Outcome> {
  try {
    return { content: await render(spec(), format, scale) };
  } catch (failure) {
    return { reason: messageOf(failure) };
  }
}

/** A specification as the content of a file. */
export async function render(spec: VegaLiteSpec, format: PictureFormat, scale?: number): Promise<string | Uint8Array> {
  if (format === "html") return renderHtml(spec);
  const svg = await renderSvg(spec);
  return format === "svg" ? svg : renderPng(svg, { scale });
}
