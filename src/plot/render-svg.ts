import { textWidth } from "./text-width.js";
import type { VegaLiteSpec } from "./vega-lite-spec.js";

/** The picture as SVG. The libraries are loaded on the first call, because they take longer than the picture. */
export async function renderSvg(spec: VegaLiteSpec): Promise<string> {
  const [{ compile }, vega] = await Promise.all([import("vega-lite"), import("vega")]);
  // Whatever the library would write to the console is either a mistake here, which the tests see in the picture, or
  // advice for those who write specifications by hand.
  const logger = vega.logger(vega.None);
  // Without a canvas the library takes each character for 0.8 em, and makes room for half as much again as a long title needs.
  // Its types leave this out.
  Object.assign((vega as unknown as { readonly textMetrics: object }).textMetrics, { width: widthOf });
  const view = new vega.View(vega.parse(compile(spec, { logger }).spec), { renderer: "none", logger });
  try {
    return renumbered(await view.toSVG());
  } finally {
    view.finalize();
  }
}

/** Of a text as the library describes it, in px. */
function widthOf({ fontSize = 11, fontWeight }: TextItem, text: unknown): number {
  const lines = Array.isArray(text) ? text : [text];
  return Math.max(0, ...lines.map((line) => textWidth(String(line ?? ""), fontSize, fontWeight === "bold")));
}

interface TextItem {
  readonly fontSize?: number;
  readonly fontWeight?: string | number;
}

/** The library numbers clip paths through all pictures of a process; here from 0, so that a picture is always the same bytes. */
function renumbered(svg: string): string {
  const numbers = new Map<string, number>();
  return svg.replace(/(clip-path="url\(#clip|<clipPath id="clip)(\d+)/g, (_, before: string, id: string) => {
    if (!numbers.has(id)) numbers.set(id, numbers.size);
    return before + numbers.get(id);
  });
}
