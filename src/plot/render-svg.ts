import type { VegaLiteSpec } from "./vega-lite-spec.js";

/** The picture as SVG. The libraries are loaded on the first call, because they take longer than the picture. */
export async function renderSvg(spec: VegaLiteSpec): Promise<string> {
  const [{ compile }, vega] = await Promise.all([import("vega-lite"), import("vega")]);
  // Whatever the library would write to the console is either a mistake here, which the tests see in the picture, or
  // advice for those who write specifications by hand.
  const logger = vega.logger(vega.None);
  const view = new vega.View(vega.parse(compile(spec, { logger }).spec), { renderer: "none", logger });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}
