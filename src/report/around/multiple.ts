import { prepare } from "../../around/prepare.js";
import { type Frame, leadSlots, type Stretches } from "../../around/stretches.js";
import { valueDomain } from "../../plot/value-domain.js";
import { html, type Markup } from "../page/markup.js";

/** Size of one picture, px; it stretches with its card. */
export const MULTIPLE = { width: 320, height: 84 } as const;
/** Half as long before the window as the window is says what was before. */
const BEFORE = 0.5;

/** The paths of one small picture. Gaps break the line. */
export interface MultiplePaths {
  readonly observed: string;
  readonly expected: string;
  /** Where the window begins and the onset lies, px. */
  readonly windowX: number;
  readonly onsetX: number;
  readonly low: number;
  readonly high: number;
}

/** A series in and before the window, with what was expected; undefined where there is nothing to draw. */
export function multiplePaths(series: Stretches, frame: Frame, onsetMs: number): MultiplePaths | undefined {
  const prepared = prepare(series, frame);
  if (prepared === undefined) return undefined;
  const { stepMs, lead, values, expected } = prepared;
  const slots = values.length - lead;
  const from = Math.max(0, lead - Math.round(slots * BEFORE), lead - leadSlots(frame, stepMs));
  const observedPart = values.subarray(from);
  const expectedPart = expected.subarray(from);
  const { low, high } = valueDomain(listOf(observedPart), listOf(expectedPart));
  const { width, height } = MULTIPLE;
  const x = (slot: number) => tenth((slot / observedPart.length) * width);
  const y = (value: number) =>
    tenth((1 - (Math.min(high, Math.max(low, value)) - low) / (high - low)) * (height - 2) + 1);
  const line = (part: Float64Array) => {
    let path = "";
    part.forEach((value, i) => {
      if (value !== value) return;
      const joined = i > 0 && part[i - 1] === part[i - 1];
      const alone = !joined && !(part[i + 1] === part[i + 1]);
      path += `${joined ? "L" : "M"}${x(i + 0.5)} ${y(value)}${alone ? "h.5" : ""}`;
    });
    return path;
  };
  const startMs = frame.window.endMs - observedPart.length * stepMs;
  return {
    observed: line(observedPart),
    expected: line(expectedPart),
    windowX: x(lead - from),
    onsetX: x((onsetMs - startMs) / stepMs),
    low,
    high,
  };
}

/** The small picture: observed, expected (dashed), the window's part plain and the time before it grey, the onset as a line. */
export function multiple(paths: MultiplePaths | undefined, label: string): Markup {
  if (paths === undefined) return html`<span class="none">no data</span>`;
  const { width, height } = MULTIPLE;
  return html`<svg class="multiple" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${label}"><rect class="tracks" x="0" y="0" width="${paths.windowX}" height="${height}"/><path class="exp" d="${paths.expected}"/><path class="obs" d="${paths.observed}"/><path class="onset" d="M${paths.onsetX} 0V${height}"/></svg>`;
}

const listOf = (values: Float64Array) => Array.from(values, (value) => (value === value ? value : null));
const tenth = (value: number) => Math.round(value * 10) / 10;
