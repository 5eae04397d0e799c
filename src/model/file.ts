import { createHash } from "node:crypto";
import type { Model } from "../detectors/family/learned.js";
import type { SeriesProfile } from "../detectors/family/profile.js";
import { ModelError } from "../errors/errors.js";
import type { View } from "../features/feature-machine.js";
import type { Forest } from "../forest/forest.js";
import { checkHeader, checkModel } from "./check-model.js";
import type { ArrayEntry, ArrayName, ArrayType, ForestArray, Header } from "./header.js";

/**
 * The model file: data, never executable.
 *
 *     offset  bytes  content
 *     0       8      magic "ANOMALY\0"
 *     8       4      format version, little endian
 *     12      4      length H of the header
 *     16      H      header, JSON in UTF-8: everything small, and the table of the arrays below
 *     …       0–7    zero bytes up to a multiple of 8
 *     …       …      the arrays, little endian, each at a multiple of 8
 *     end−32  32     sha256 of all bytes before
 *
 * The same model gives the same bytes: there is no time and no name in it.
 */
export const MODEL_FORMAT_VERSION = 1;

const MAGIC = Buffer.from("ANOMALY\0", "latin1");
const PREFIX = 16;
const CHECKSUM = 32;

type Numbers = Float64Array | Float32Array | Int32Array | Uint8Array;

const FOREST_ARRAYS: readonly (readonly [ForestArray, ArrayType])[] = [
  ["roots", "i32"],
  ["feature", "u8"],
  ["threshold", "f32"],
  ["left", "i32"],
  ["leaves", "f32"],
];

/** Every array of a file, in order. */
const ARRAYS: readonly (readonly [ArrayName, ArrayType])[] = [
  ...(["recent", "seasonal"] as const).flatMap((view) =>
    FOREST_ARRAYS.map(([name, type]) => [`${view}.${name}`, type] as const),
  ),
  ["dailyMaxima", "f64"],
  ["profiles", "f64"],
];

const BYTES_EACH: Readonly<Record<ArrayType, number>> = { f64: 8, f32: 4, i32: 4, u8: 1 };

/** Order of a profile's numbers in the file. Infinity is legal in a Float64Array, as it is not in JSON. */
const PROFILE_FIELDS = [
  "location",
  "spread",
  "recentTail",
  "seasonalTail",
  "silenceSlots",
  "stallSlots",
  "zeroSlots",
  "coverage",
] as const;

const align8 = (n: number) => (n + 7) & ~7;

/** The model as the bytes of its file. */
export function encodeModel(model: Model): Uint8Array {
  const arrays: [ArrayName, Numbers][] = [
    ...forestArrays("recent", model.forests.recent),
    ...forestArrays("seasonal", model.forests.seasonal),
    ["dailyMaxima", model.calibration.dailyMaxima],
    ["profiles", Float64Array.from(model.series.flatMap((s) => PROFILE_FIELDS.map((field) => s.profile[field])))],
  ];
  let offset = 0;
  const entries = arrays.map(([name, numbers]): ArrayEntry => {
    const entry = { name, type: typeOf(numbers), length: numbers.length, offset };
    offset += align8(numbers.byteLength);
    return entry;
  });
  const header: Header = {
    plan: model.plan,
    unit: model.unit,
    threshold: model.threshold,
    fingerprint: model.fingerprint,
    options: model.options,
    featureCounts: { recent: model.forests.recent.featureCount, seasonal: model.forests.seasonal.featureCount },
    divisors: model.calibration.divisors,
    seriesDays: model.calibration.seriesDays,
    series: model.series.map(({ name, labels }) => ({ name, labels })),
    arrays: entries,
  };
  const json = Buffer.from(JSON.stringify(header), "utf8");
  const dataStart = align8(PREFIX + json.length);
  const bytes = Buffer.alloc(dataStart + offset + CHECKSUM);
  MAGIC.copy(bytes, 0);
  bytes.writeUInt32LE(MODEL_FORMAT_VERSION, 8);
  bytes.writeUInt32LE(json.length, 12);
  json.copy(bytes, PREFIX);
  arrays.forEach(([, numbers], i) => {
    bytes.set(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength), dataStart + entries[i].offset);
  });
  createHash("sha256")
    .update(bytes.subarray(0, bytes.length - CHECKSUM))
    .digest()
    .copy(bytes, bytes.length - CHECKSUM);
  return bytes;
}

/**
 * Reads a model back.
 *
 * @param path only for messages.
 * @throws ModelError saying what is wrong: not a model, newer format, cut off, damaged.
 */
export function decodeModel(bytes: Uint8Array, path: string): Model {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < MAGIC.length || !file.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new ModelError("magic", `${path} is not a model file: it does not begin with the model magic; train again`);
  }
  const least = PREFIX + CHECKSUM;
  if (file.length < least) throw cutOff(path, file.length, `at least ${least}`);
  const version = file.readUInt32LE(8);
  if (version > MODEL_FORMAT_VERSION) {
    throw new ModelError(
      "newer",
      `${path} has model format ${version}, this program reads up to ${MODEL_FORMAT_VERSION}; update anomaly-toolkit, or train again with this version`,
    );
  }
  const stated = file.subarray(file.length - CHECKSUM);
  const actual = createHash("sha256")
    .update(file.subarray(0, file.length - CHECKSUM))
    .digest();
  if (!actual.equals(stated)) {
    throw new ModelError(
      "checksum",
      `${path} is damaged: its checksum does not match (${file.length} bytes); restore it or train again`,
    );
  }
  const header = readHeader(file, path);
  const dataStart = align8(PREFIX + file.readUInt32LE(12));
  const problem = checkHeader(header) ?? checkArrays(header.arrays, file.length - CHECKSUM - dataStart);
  if (problem !== undefined) throw inconsistent(path, problem);
  const array = <T extends Numbers>(name: ArrayName): T => {
    const entry = header.arrays[ARRAYS.findIndex(([known]) => known === name)];
    return numbersAt(file, dataStart + entry.offset, entry) as T;
  };
  const forest = (view: View): Forest => ({
    featureCount: header.featureCounts[view],
    roots: array(`${view}.roots`),
    feature: array(`${view}.feature`),
    threshold: array(`${view}.threshold`),
    left: array(`${view}.left`),
    leaves: array(`${view}.leaves`),
  });
  const profiles = array<Float64Array>("profiles");
  const model: Model = {
    plan: header.plan,
    unit: header.unit,
    threshold: header.threshold,
    fingerprint: header.fingerprint,
    options: header.options,
    forests: { recent: forest("recent"), seasonal: forest("seasonal") },
    calibration: { divisors: header.divisors, dailyMaxima: array("dailyMaxima"), seriesDays: header.seriesDays },
    series: header.series.map(({ name, labels }, s) => {
      const at = s * PROFILE_FIELDS.length;
      const fields = PROFILE_FIELDS.map((field, i) => [field, profiles[at + i]]);
      return { name, labels, profile: Object.fromEntries(fields) as SeriesProfile };
    }),
  };
  const wrong =
    profiles.length === model.series.length * PROFILE_FIELDS.length
      ? checkModel(model)
      : "profiles and series differ in number";
  if (wrong !== undefined) throw inconsistent(path, wrong);
  return model;
}

/** The checksum says that nothing was damaged on the way, not that it is a model: anyone can write a checksum. */
function inconsistent(path: string, problem: string): ModelError {
  return new ModelError("inconsistent", `${path} is not a usable model: ${problem}; restore it or train again`);
}

function readHeader(file: Buffer, path: string): Header {
  const length = file.readUInt32LE(12);
  if (PREFIX + length + CHECKSUM > file.length) throw cutOff(path, file.length, `a header of ${length}`);
  try {
    return JSON.parse(file.toString("utf8", PREFIX, PREFIX + length));
  } catch (cause) {
    throw new ModelError("header", `${path} is not a usable model: its header is not JSON; restore it or train again`, {
      cause,
    });
  }
}

/** The arrays are where the writer puts them, one behind the other, and fill the file. */
function checkArrays(entries: readonly ArrayEntry[], bytes: number): string | undefined {
  if (!Array.isArray(entries) || entries.length !== ARRAYS.length) return `it must have ${ARRAYS.length} arrays`;
  let offset = 0;
  for (const [i, [name, type]] of ARRAYS.entries()) {
    const entry = entries[i];
    if (entry?.name !== name || entry.type !== type) return `array ${i} must be ${name} of ${type}`;
    if (!Number.isSafeInteger(entry.length) || entry.length < 0)
      return `${name} has the length ${String(entry.length)}`;
    if (entry.offset !== offset) return `${name} is at ${String(entry.offset)}, needed ${offset}`;
    // No bit operations here: they would wrap what a crafted length makes of it.
    offset += Math.ceil((entry.length * BYTES_EACH[type]) / 8) * 8;
    if (offset > bytes) return `${name} ends at ${offset}, behind the ${bytes} bytes that there are`;
  }
  return offset === bytes ? undefined : `its arrays have ${offset} bytes, the file has ${bytes} for them`;
}

/** The sha256 (hex) that stands at the end of a model file; names the model in manifests and states. */
export function modelChecksum(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(bytes.length - CHECKSUM)).toString("hex");
}

function forestArrays(view: View, forest: Forest): [ArrayName, Numbers][] {
  const { roots, feature, threshold, left, leaves } = forest;
  return [
    [`${view}.roots`, roots],
    [`${view}.feature`, feature],
    [`${view}.threshold`, threshold],
    [`${view}.left`, left],
    [`${view}.leaves`, leaves],
  ];
}

function cutOff(path: string, got: number, needed: string): ModelError {
  return new ModelError(
    "truncated",
    `${path} is cut off: it has ${got} bytes, needed ${needed}; restore it or train again`,
  );
}

function typeOf(numbers: Numbers): ArrayType {
  if (numbers instanceof Float64Array) return "f64";
  if (numbers instanceof Float32Array) return "f32";
  return numbers instanceof Int32Array ? "i32" : "u8";
}

/** A copy, so that alignment of the file's buffer does not matter. */
function numbersAt(file: Buffer, start: number, { type, length }: ArrayEntry): Numbers {
  const copy = (bytesEach: number) => new Uint8Array(file.subarray(start, start + length * bytesEach)).buffer;
  if (type === "f64") return new Float64Array(copy(8));
  if (type === "f32") return new Float32Array(copy(4));
  return type === "i32" ? new Int32Array(copy(4)) : new Uint8Array(copy(1));
}
