import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fontFiles } from "./render-png.js";
import { fitText, plainText, textWidth, wrapText } from "./text-width.js";

/** Advance width of a character in font units, from the tables `cmap` (format 4), `hmtx` and `hhea` of a TrueType file. */
function advancesIn(path: string): (character: string) => number {
  const font = readFileSync(path);
  const tables = new Map<string, number>();
  for (let i = 0; i < font.readUInt16BE(4); i++) {
    tables.set(font.toString("latin1", 12 + 16 * i, 16 + 16 * i), font.readUInt32BE(20 + 16 * i));
  }
  const cmap = tables.get("cmap")!;
  let map = 0;
  for (let i = 0; i < font.readUInt16BE(cmap + 2); i++) {
    const at = cmap + font.readUInt32BE(cmap + 8 + 8 * i);
    if (font.readUInt16BE(at) === 4) map = at;
  }
  const segments = font.readUInt16BE(map + 6);
  const widths = font.readUInt16BE(tables.get("hhea")! + 34);
  return (character) => {
    const code = character.codePointAt(0)!;
    let at = map + 14;
    while (code > font.readUInt16BE(at)) at += 2;
    const start = at + 2 + segments;
    const offset = font.readUInt16BE(start + 2 * segments);
    const delta = font.readUInt16BE(start + segments);
    const index = start + 2 * segments + offset + 2 * (code - font.readUInt16BE(start));
    const glyph = ((offset === 0 ? code : font.readUInt16BE(index)) + delta) & 0xffff;
    return font.readUInt16BE(tables.get("hmtx")! + 4 * Math.min(glyph, widths - 1));
  };
}

test.each([
  ["regular", 0],
  ["bold", 1],
])("the %s widths are those of the font that is shipped", (_, index) => {
  const advance = advancesIn(fontFiles()[index]);
  for (let code = 0x20; code < 0x7f; code++) {
    const character = String.fromCharCode(code);
    expect(textWidth(character, 2048, index === 1), character).toBe(advance(character));
  }
});

test("a character that is not in the table is taken for a full em", () => {
  expect(textWidth("Ж", 10)).toBe(10);
  expect(textWidth("😀", 10)).toBe(10);
});

describe("fitText", () => {
  test("leaves what fits, and keeps both ends of what does not", () => {
    expect(fitText("short", 100, 11)).toBe("short");
    expect(fitText("n200-primary-example-com", 90, 11)).toMatch(/^n200.*….*com$/);
  });

  test("is never wider than it may be", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 90 }), fc.integer({ min: 12, max: 400 }), (text, width) => {
        expect(textWidth(fitText(text, width, 11), 11)).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe("wrapText", () => {
  test("breaks at spaces and says where there is more", () => {
    expect(wrapText("one two three", 1000, 11, 2)).toEqual(["one two three"]);
    const lines = wrapText("one two three four five six seven eight nine ten", 70, 11, 2);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toBe("one two");
    expect(lines[1]).toMatch(/^three.*…$/);
    expect(wrapText("", 70, 11, 2)).toEqual([]);
  });

  test("no line is wider than it may be", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 30 })), fc.integer({ min: 40, max: 400 }), (words, width) => {
        for (const line of wrapText(words.join(" "), width, 11, 3)) {
          expect(textWidth(line, 11)).toBeLessThanOrEqual(width);
        }
      }),
    );
  });
});

test("what no SVG may hold becomes a question mark", () => {
  expect(plainText("a\u0000b\nc\ud800d\uffffe 😀é")).toBe("a?b?c?d?e 😀é");
});
