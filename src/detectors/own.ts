import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { UsageError } from "../errors/errors.js";
import { DAY_MS } from "../time/duration.js";
import { bandDetector } from "./band/band-detector.js";
import { type BandLimits, PRESETS } from "./band/band-options.js";
import type { Forecaster } from "./band/forecaster.js";
import type { Detector } from "./kind.js";
import type { DetectorOption } from "./options.js";

/**
 * What the module of a detector of one's own exports as its default: a forecaster, around which the machine of all detectors with a band
 * (`BandScorer`) scores, holds incidents back, watches silences and explains.
 *
 * @example
 * export default {
 *   about: "the value before",
 *   historyMs: 3_600_000,
 *   options: { share: { help: "usual distance as a share of the value", default: 0.1, parse: Number } },
 *   forecaster: ({ options }) => ({
 *     words: "value against the one before",
 *     expected: NaN, below: NaN, above: NaN, last: NaN,
 *     look() { this.expected = this.last; this.below = this.above = options.share * Math.abs(this.last); },
 *     learn(timeMs, value) { if (value === value) this.last = value; },
 *     walk(state) { this.last = state.number(this.last); },
 *   }),
 * };
 */
export interface OwnDetector {
  readonly about?: string;
  /** Past that the forecaster keeps. Default: a day. */
  readonly historyMs?: number;
  /** Default: those of the preset `balanced`. */
  readonly limits?: BandLimits;
  readonly options?: Readonly<Record<string, OwnOption>>;
  readonly forecaster: (settings: {
    readonly stepMs: number;
    readonly timezone: string;
    readonly options: Readonly<Record<string, unknown>>;
  }) => Forecaster;
}

interface OwnOption {
  readonly help: string;
  readonly default: unknown;
  /** NaN or undefined for a text that is no value. */
  readonly parse: (text: string) => unknown;
}

/**
 * Loads a detector from a local file. It runs the code of that file.
 *
 * @param path relative to the working directory, or absolute; it is the detector's name in records.
 * @throws UsageError where the file cannot be loaded, or exports no detector.
 */
export async function loadOwn(path: string): Promise<Detector> {
  let own: unknown;
  try {
    ({ default: own } = await import(pathToFileURL(resolve(path)).href));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError("detector", `${path} cannot be loaded as a detector: ${reason}`, { cause });
  }
  if (!isOwn(own)) {
    throw new UsageError(
      "detector",
      `${path} exports no detector; its default export needs a function forecaster({ stepMs, timezone, options })`,
    );
  }
  const { forecaster, historyMs = DAY_MS, limits = PRESETS.balanced, options = {} } = own;
  const table = Object.fromEntries(Object.entries(options).map(([name, option]) => [name, asOption(option)]));
  return bandDetector(path, table, (values) => ({
    historyMs,
    limits,
    open: ({ stepMs, timezone }) => forecaster({ stepMs, timezone, options: values }),
  }));
}

function isOwn(value: unknown): value is OwnDetector {
  return typeof value === "object" && value !== null && "forecaster" in value && typeof value.forecaster === "function";
}

function asOption({ help, default: value, parse }: OwnOption): DetectorOption {
  return {
    help,
    default: value,
    defaultText: String(value),
    needs: "a value that the module takes",
    parse: (text) => {
      const read = parse(text);
      return Number.isNaN(read) ? undefined : read;
    },
  };
}
