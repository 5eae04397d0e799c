import { createHash } from "node:crypto";
import type { Numbers, Section } from "../detectors/kind.js";
import { ModelError } from "../errors/errors.js";
import { createInventory } from "../series/inventory.js";
import { BYTES_EACH, checkArrays, checkHeader } from "./check-header.js";
import { headerOf1 } from "./format-1.js";
import type { ArrayEntry, ArrayType, Header, SectionEntry } from "./header.js";
import type { Model } from "./model.js";

/**
 * The model file: data, never executable.
 *
 *     offset  bytes  content
 *     0       8      magic "ANOMALY\0"
 *     8       4      format version, little endian
 *     12      4      length H of the header
 *     16      H      header, JSON in UTF-8: the inventory of series, which detector looks at which, and for each detector its
 *                    section's own header and the table of its arrays
 *     …       0–7    zero bytes up to a multiple of 8
 *     …       …      the arrays, section after section, little endian, each at a multiple of 8
 *     end−32  32     sha256 of all bytes before
 *
 * The same model gives the same bytes: there is no time and no name in it. Format 1 (version 0.1) is read as well.
 */
export const MODEL_FORMAT_VERSION = 2;

const MAGIC = Buffer.from("ANOMALY\0", "latin1");
const PREFIX = 16;
const CHECKSUM = 32;

const align8 = (n: number) => (n + 7) & ~7;

/** The model as the bytes of its file. */
export function encodeModel({ inventory, sections, ...envelope }: Model): Uint8Array {
  const arrays: Numbers[] = [];
  let offset = 0;
  const entries = Object.entries(sections).map(
    ([detector, section]): SectionEntry => ({
      detector,
      header: section.header,
      arrays: Object.entries(section.arrays).map(([name, numbers]): ArrayEntry => {
        const entry = { name, type: typeOf(numbers), length: numbers.length, offset };
        arrays.push(numbers);
        offset += align8(numbers.byteLength);
        return entry;
      }),
    }),
  );
  const series = inventory.series.map(({ name, labels }) => ({ name, labels }));
  const header: Header = { ...envelope, series, sections: entries };
  const json = Buffer.from(JSON.stringify(header), "utf8");
  const dataStart = align8(PREFIX + json.length);
  const bytes = Buffer.alloc(dataStart + offset + CHECKSUM);
  MAGIC.copy(bytes, 0);
  bytes.writeUInt32LE(MODEL_FORMAT_VERSION, 8);
  bytes.writeUInt32LE(json.length, 12);
  json.copy(bytes, PREFIX);
  let at = dataStart;
  for (const numbers of arrays) {
    bytes.set(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength), at);
    at += align8(numbers.byteLength);
  }
  createHash("sha256")
    .update(bytes.subarray(0, bytes.length - CHECKSUM))
    .digest()
    .copy(bytes, bytes.length - CHECKSUM);
  return bytes;
}

/**
 * Reads a model back. What its sections say is checked by whoever opens them.
 *
 * @param path only for messages.
 * @throws ModelError saying what is wrong: not a model, newer format, cut off, damaged, not one of ours.
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
  const json = readHeader(file, path);
  const header: Header = version < 2 ? headerOf1(json as Parameters<typeof headerOf1>[0]) : (json as Header);
  const wrong = checkHeader(header);
  if (wrong !== undefined) throw unusableModel(path, wrong);
  const dataStart = align8(PREFIX + file.readUInt32LE(12));
  const entries = header.sections.flatMap(({ arrays }) => arrays);
  const misplaced = checkArrays(entries, file.length - CHECKSUM - dataStart);
  if (misplaced !== undefined) throw unusableModel(path, misplaced);
  const { series, sections, stepMs, timezone, unit, threshold, fingerprint, options, choice } = header;
  return {
    ...{ stepMs, timezone, unit, threshold, fingerprint, options },
    ...(choice !== undefined && { choice }),
    inventory: createInventory(series),
    sections: Object.fromEntries(
      sections.map(({ detector, header: own, arrays }): [string, Section] => [
        detector,
        {
          header: own,
          arrays: Object.fromEntries(
            arrays.map((entry) => [entry.name, numbersAt(file, dataStart + entry.offset, entry)]),
          ),
        },
      ]),
    ),
  };
}

/** A model that nothing is wrong with but what it says. */
export function unusableModel(path: string, problem: string): ModelError {
  return new ModelError("unusable", `${path} is not a usable model: ${problem}; restore it or train again`);
}

/** The sha256 (hex) that stands at the end of a model file; names the model in manifests and checkpoints. */
export function modelChecksum(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(bytes.length - CHECKSUM)).toString("hex");
}

function readHeader(file: Buffer, path: string): unknown {
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
  const copy = new Uint8Array(file.subarray(start, start + length * BYTES_EACH[type])).buffer;
  if (type === "f64") return new Float64Array(copy);
  if (type === "f32") return new Float32Array(copy);
  return type === "i32" ? new Int32Array(copy) : new Uint8Array(copy);
}
