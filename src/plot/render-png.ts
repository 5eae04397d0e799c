import { createRequire } from "node:module";
import { dirname, join } from "node:path";

export interface PngOptions {
  /** Pixels for each unit of the picture. Default 1. */
  readonly scale?: number;
}

/**
 * An SVG as PNG, drawn in another thread. Texts are set in the DejaVu fonts that come with the package: without a font
 * the renderer leaves every text out and says nothing, and fonts of the machine would give another picture on each.
 */
export async function renderPng(svg: string, options: PngOptions = {}): Promise<Uint8Array> {
  const { renderAsync } = await import("@resvg/resvg-js");
  const image = await renderAsync(svg, {
    fitTo: { mode: "zoom", value: options.scale ?? 1 },
    font: { loadSystemFonts: false, fontFiles: fontFiles(), defaultFontFamily: "DejaVu Sans" },
    logLevel: "off",
  });
  return image.asPng();
}

/** Paths of the fonts, wherever the package manager put them. */
export function fontFiles(): string[] {
  const manifest = createRequire(import.meta.url).resolve("dejavu-fonts-ttf/package.json");
  return ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"].map((name) => join(dirname(manifest), "ttf", name));
}
