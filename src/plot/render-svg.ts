import type { VegaLiteSpec } from "./vega-lite-spec.js";

/** The picture as SVG. The libraries are loaded on the first call, because they take longer than the picture. */
export async function renderSvg(spec: VegaLiteSpec): Promise<string> {
  const [{ compile }, vega] = await Promise.all([import("vega-lite"), import("vega")]);
  // Whatever the library would write to the console is either a mistake here, which the tests see in the picture, or
  // advice for those who write specifications by hand.
  const logger = vega.logger(vega.None);
  const view = new vega.View(vega.parse(compile(spec, { logger }).spec), { renderer: "none", logger });
  try {
    return renumbered(await view.toSVG());
  } finally {
    view.finalize();
  }
}

/** The library numbers clip paths through all pictures of a process; here from 0, so that a picture is always the same bytes. */
function renumbered(svg: string): string {
  const numbers = new Map<string, number>();
  return svg.replace(/(clip-path="url\(#clip|<clipPath id="clip)(\d+)/g, (_, before: string, id: string) => {
    if (!numbers.has(id)) numbers.set(id, numbers.size);
    return before + numbers.get(id);
  });
}
