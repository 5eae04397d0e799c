import { messageOf } from "../errors/errors.js";
import { isGroupRecord } from "../records/group-members.js";
import type { HydratedRecord } from "../records/record.js";
import { episodeSpec, type PictureOptions } from "./episode-spec.js";
import { groupSpec } from "./group-spec.js";
import { overviewSpec } from "./overview-spec.js";
import { type PictureFormat, pictureName } from "./picture-name.js";
import { renderHtml } from "./render-html.js";
import { renderPng } from "./render-png.js";
import { renderSvg } from "./render-svg.js";
import type { VegaLiteSpec } from "./vega-lite-spec.js";

/** One picture to draw: of a record, or of all of them. */
export interface DrawJob {
  readonly kind: "episode" | "overview";
  /** One for an episode. */
  readonly records: readonly HydratedRecord[];
}

/** How all pictures of a run are drawn. */
export interface DrawLook extends Omit<PictureOptions, "interactive"> {
  readonly format: PictureFormat;
  /** Pixels of a PNG for each unit of the picture. Default 1. */
  readonly scale?: number;
  /** Whether each episode has a picture beside the overview, which then links to it. */
  readonly linked?: boolean;
}

/** A failure is a value: a picture that is waited for later must not reject before, nor end a thread. */
export type Drawn = { readonly content: string | Uint8Array } | { readonly reason: string };

/** Draws one picture; the same bytes in any thread. */
export async function drawJob({ kind, records }: DrawJob, look: DrawLook): Promise<Drawn> {
  try {
    const options = { theme: look.theme, timezone: look.timezone, interactive: look.format === "html" };
    const spec =
      kind === "episode"
        ? isGroupRecord(records[0])
          ? groupSpec(records[0], options)
          : episodeSpec(records[0], options)
        : overviewSpec(records, {
            ...options,
            pictureOf: look.linked && look.format !== "png" ? (record) => pictureName(record, look.format) : undefined,
          });
    return { content: await render(spec, look.format, look.scale) };
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
