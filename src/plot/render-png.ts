import { createRequire } from "node:module";
import { dirname, join } from "node:path";

export interface PngOptions {
  /** Pixels for each unit of the picture. Default 1; less for a picture that would have more than `maxPixels`. */
  readonly scale?: number;
  /** Default 64 million: 256 MB while it is drawn; an overview of 600 rows at a scale of 1.5 has 31 million. */
  readonly maxPixels?: number;
}

/**
 * An SVG as PNG, drawn in another thread. Texts are set in the DejaVu fonts that come with the package: without a font
 * the renderer leaves every text out and says nothing, and fonts of the machine would give another picture on each.
 */
export async function renderPng(svg: string, options: PngOptions = {}): Promise<Uint8Array> {
  const { renderAsync } = await import("@resvg/resvg-js");
  const image = await renderAsync(svg, {
    fitTo: { mode: "zoom", value: Math.min(options.scale ?? 1, largestScale(svg, options.maxPixels ?? 64e6)) },
    font: { loadSystemFonts: needsOtherFonts(svg), fontFiles: fontFiles(), defaultFontFamily: "DejaVu Sans" },
    logLevel: "off",
  });
  return image.asPng();
}

/** Scripts that DejaVu has no letters of, and pictographs in colour. */
const OTHER_SCRIPTS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Khmer}\p{Script=Sinhala}\p{Emoji_Presentation}]/u;

/**
 * Whether a picture holds letters that the shipped fonts lack. Then, and only then, the machine's own fonts are looked
 * through too: a name in Chinese is worth more than the same picture on each machine. Where no font has the letter it stays a box.
 */
export function needsOtherFonts(svg: string): boolean {
  return OTHER_SCRIPTS.test(svg);
}

/** The scale at which the picture has as many pixels as may be. */
function largestScale(svg: string, maxPixels: number): number {
  const [, width, height] = /^<svg[^>]* width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
  return width === undefined ? Number.POSITIVE_INFINITY : Math.sqrt(maxPixels / (Number(width) * Number(height)));
}

/** Paths of the fonts, wherever the package manager put them. */
export function fontFiles(): string[] {
  const manifest = createRequire(import.meta.url).resolve("dejavu-fonts-ttf/package.json");
  return ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"].map((name) => join(dirname(manifest), "ttf", name));
}
