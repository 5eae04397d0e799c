import type { HydratedRecord } from "../../anomalies/record.js";
import { episodeSpec } from "../../plot/episode-spec.js";
import { overviewSpec } from "../../plot/overview-spec.js";
import type { PictureFormat } from "../../plot/picture-name.js";
import { renderPng } from "../../plot/render-png.js";
import { renderSvg } from "../../plot/render-svg.js";
import type { ThemeName } from "../../plot/theme.js";
import type { VegaLiteSpec } from "../../plot/vega-lite-spec.js";

export interface Look {
  readonly theme: ThemeName;
  readonly timezone: string;
  readonly format: PictureFormat;
  /** Pixels of a PNG for each unit of its drawing. */
  readonly scale: number;
}

/** The picture of one record, as the content of its file. */
export function episodePicture(record: HydratedRecord, look: Look): Promise<string | Uint8Array> {
  const { theme, timezone, format } = look;
  return render(episodeSpec(record, { theme, timezone, interactive: format === "html" }), look);
}

/** The picture of all records. */
export function overviewPicture(records: readonly HydratedRecord[], look: Look): Promise<string | Uint8Array> {
  const { theme, timezone, format } = look;
  return render(overviewSpec(records, { theme, timezone, interactive: format === "html" }), look);
}

async function render(spec: VegaLiteSpec, { format, scale }: Look): Promise<string | Uint8Array> {
  if (format === "html") return (await import("../../plot/render-html.js")).renderHtml(spec);
  const svg = await renderSvg(spec);
  return format === "svg" ? svg : renderPng(svg, { scale });
}
