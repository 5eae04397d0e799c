/**
 * Advance widths of U+0020–U+007E in DejaVu Sans and DejaVu Sans Bold, in 1/2048 em: the `hmtx` table of the fonts that the
 * package ships (a test compares them). With them texts are placed without a canvas, and the same on every machine.
 */
// biome-ignore format: 95 numbers in the order of the code points
const REGULAR = [
  651, 821, 942, 1716, 1303, 1946, 1597, 563, 799, 799, 1024, 1716, 651, 739, 651, 690, 1303, 1303, 1303, 1303, 1303,
  1303, 1303, 1303, 1303, 1303, 690, 690, 1716, 1716, 1716, 1087, 2048, 1401, 1405, 1430, 1577, 1294, 1178, 1587, 1540,
  604, 604, 1343, 1141, 1767, 1532, 1612, 1235, 1612, 1423, 1300, 1251, 1499, 1401, 2025, 1403, 1251, 1403, 799, 690,
  799, 1716, 1024, 1024, 1255, 1300, 1126, 1300, 1260, 721, 1300, 1298, 569, 569, 1186, 569, 1995, 1298, 1253, 1300,
  1300, 842, 1067, 803, 1298, 1212, 1675, 1212, 1212, 1075, 1303, 690, 1303, 1716,
];
// biome-ignore format: 95 numbers in the order of the code points
const BOLD = [
  713, 934, 1067, 1716, 1425, 2052, 1786, 627, 936, 936, 1071, 1716, 778, 850, 778, 748, 1425, 1425, 1425, 1425, 1425,
  1425, 1425, 1425, 1425, 1425, 819, 819, 1716, 1716, 1716, 1188, 2048, 1585, 1561, 1503, 1700, 1399, 1399, 1681, 1714,
  762, 762, 1587, 1305, 2038, 1714, 1741, 1501, 1741, 1577, 1475, 1397, 1663, 1585, 2259, 1579, 1483, 1485, 936, 748,
  936, 1716, 1024, 1024, 1382, 1466, 1214, 1466, 1389, 891, 1466, 1458, 702, 702, 1362, 702, 2134, 1458, 1407, 1466,
  1466, 1010, 1219, 979, 1458, 1335, 1892, 1321, 1335, 1192, 1458, 748, 1458, 1716,
];
const EM = 2048;
const FIRST = 0x20;

/** Width in px at a font size. A character that is not in the table counts as a full em, which few glyphs exceed. */
export function textWidth(text: string, fontSize: number, bold = false): number {
  const table = bold ? BOLD : REGULAR;
  let width = 0;
  for (const character of text) width += table[character.codePointAt(0)! - FIRST] ?? EM;
  return (width * fontSize) / EM;
}

/** The text, or its beginning and end with `…` between them where it is wider: names often differ at either end. */
export function fitText(text: string, maxWidth: number, fontSize: number, bold = false): string {
  if (textWidth(text, fontSize, bold) <= maxWidth) return text;
  const characters = [...text];
  for (let kept = characters.length - 1; kept > 0; kept--) {
    const head = Math.ceil(kept / 2);
    const tail = kept - head;
    const short = `${characters.slice(0, head).join("")}…${characters.slice(characters.length - tail).join("")}`;
    if (textWidth(short, fontSize, bold) <= maxWidth) return short;
  }
  return "…";
}

/** The text on at most this many lines, broken at spaces; what is left over ends in `…`. */
export function wrapText(text: string, maxWidth: number, fontSize: number, maxLines: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter((part) => part !== "")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line === "" || textWidth(longer, fontSize) <= maxWidth) {
      line = longer;
      continue;
    }
    lines.push(line);
    line = word;
  }
  if (line !== "") lines.push(line);
  const shown = lines.slice(0, maxLines).map((one) => fitText(one, maxWidth, fontSize));
  if (lines.length <= maxLines) return shown;
  const last = shown[maxLines - 1].split(" ");
  while (last.length > 1 && textWidth(`${last.join(" ")} …`, fontSize) > maxWidth) last.pop();
  return [...shown.slice(0, -1), fitText(`${last.join(" ")} …`, maxWidth, fontSize)];
}

/** Text as it may be in a picture: control characters, which no SVG may hold, and lone surrogates become `?`. */
export function plainText(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\ufffd-\uffff\ud800-\udfff]/gu, "?");
}
