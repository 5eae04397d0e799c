import { textWidth } from "../text-width.js";

/** A text of an SVG and the box it fills, px of the picture. */
export interface SvgText {
  readonly text: string;
  /** The point it is anchored at. */
  readonly x: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Height of capitals and depth of descenders of DejaVu Sans, em. */
const ASCENT = 0.76;
const DESCENT = 0.24;

/** All texts of an SVG as the library writes it: groups that translate, and texts with an anchor and a size. */
export function svgTexts(svg: string): SvgText[] {
  const texts: SvgText[] = [];
  const offsets: [number, number][] = [[0, 0]];
  for (const [, close, name, attributes, selfClosed, content] of svg.matchAll(
    /<(\/?)(g|text|tspan)\b((?:\s+[\w:-]+="[^"]*")*)\s*(\/?)>([^<]*)/g,
  )) {
    if (close === "/") {
      if (name !== "tspan") offsets.pop();
      continue;
    }
    const [x, y] = offsets[offsets.length - 1];
    const [, dx = "0", dy = "0"] = /transform="translate\(([-\d.e]+),([-\d.e]+)\)/.exec(attributes) ?? [];
    const attribute = (key: string) => new RegExp(`\\b${key}="([^"]*)"`).exec(attributes)?.[1];
    const at: [number, number] = [x + Number(dx), y + Number(dy)];
    if (name === "tspan") {
      const line = { ...style, y: style.y + Number(attribute("dy") ?? 0) };
      style = line;
      add(content, line);
      continue;
    }
    if (selfClosed !== "/") offsets.push(at);
    if (name !== "text") continue;
    style = {
      x: at[0],
      y: at[1],
      size: Number(/([\d.]+)px/.exec(attribute("font-size") ?? "")?.[1]),
      bold: attribute("font-weight") === "bold",
      anchor: attribute("text-anchor") ?? "start",
    };
    if (content !== "") add(content, style);
  }
  return texts;

  function add(content: string, { x, y, size, bold, anchor }: Style): void {
    const text = content.replace(/&(lt|gt|amp|quot);/g, (_, name: "lt") => ENTITIES[name]);
    const width = textWidth(text, size, bold);
    const left = anchor === "middle" ? x - width / 2 : anchor === "end" ? x - width : x;
    texts.push({ text, x, left, right: left + width, top: y - ASCENT * size, bottom: y + DESCENT * size });
  }
}

interface Style {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly bold: boolean;
  readonly anchor: string;
}

let style: Style = { x: 0, y: 0, size: 0, bold: false, anchor: "start" };
const ENTITIES = { lt: "<", gt: ">", amp: "&", quot: '"' };

/** Pairs of texts whose boxes share more than a hair. */
export function overlaps(texts: readonly SvgText[]): string[] {
  const found: string[] = [];
  const slack = 0.5;
  const sorted = texts.toSorted((a, b) => a.top - b.top);
  for (let i = 0; i < sorted.length; i++) {
    for (let j = i + 1; j < sorted.length && sorted[j].top < sorted[i].bottom - slack; j++) {
      if (sorted[i].left < sorted[j].right - slack && sorted[j].left < sorted[i].right - slack) {
        found.push(`"${sorted[i].text}" and "${sorted[j].text}"`);
      }
    }
  }
  return found;
}
