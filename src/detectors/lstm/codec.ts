import { isObject } from "../../errors/parsed.js";
import { weightCount } from "../../network/lstm.js";
import { foundValue } from "../../wording/found-value.js";
import type { Section } from "../kind.js";
import { packScales, unpackScales } from "../trained/series-scale.js";
import { INPUTS } from "./inputs.js";
import type { LstmModel } from "./learned.js";

interface LstmHeader {
  readonly stepMs: number;
  readonly inputs: number;
  readonly hidden: number;
  readonly isShared: boolean;
}

export const MOST_HIDDEN = 128;

export function encodeLstm({ stepMs, shape, isShared, networks, networkOf, scales }: LstmModel): Section {
  const header: LstmHeader = { stepMs, ...shape, isShared };
  return { header, arrays: { networks, networkOf, scales: packScales(scales) } };
}

/** @throws RangeError saying what does not fit: with a section that passes every network has all of its weights, and all are finite. */
export function decodeLstm({ header, arrays }: Section, seriesCount: number): LstmModel {
  if (!isObject(header)) throw new RangeError("its section has no header");
  const { stepMs, inputs, hidden, isShared } = header as unknown as LstmHeader;
  if (!(Number.isSafeInteger(stepMs) && stepMs > 0)) throw new RangeError(`its step is ${foundValue(stepMs)}`);
  if (inputs !== INPUTS) throw new RangeError(`its networks take ${foundValue(inputs)} inputs, this version ${INPUTS}`);
  if (!(Number.isSafeInteger(hidden) && hidden >= 1 && hidden <= MOST_HIDDEN)) {
    throw new RangeError(`its networks have ${foundValue(hidden)} units`);
  }
  if (typeof isShared !== "boolean") throw new RangeError(`isShared is ${foundValue(isShared)}`);
  const { networks, networkOf, scales } = arrays;
  if (!(networks instanceof Float32Array)) throw new RangeError("it must have an array networks of Float32Array");
  if (!(networkOf instanceof Int32Array)) throw new RangeError("it must have an array networkOf of Int32Array");
  const shape = { inputs, hidden };
  const count = networks.length / weightCount(shape);
  if (!Number.isSafeInteger(count)) throw new RangeError(`${networks.length} weights are no whole number of networks`);
  if (isShared && count > 1) throw new RangeError(`it has ${count} networks, and one for all series`);
  if (!networks.every(Number.isFinite)) throw new RangeError("a weight is not finite");
  if (networkOf.length !== seriesCount) {
    throw new RangeError(`networks and series differ: ${networkOf.length} and ${seriesCount}`);
  }
  if (!networkOf.every((network) => network >= -1 && network < count)) throw new RangeError("a network is missing");
  return {
    ...{ stepMs, shape, isShared, networks, networkOf },
    scales: unpackScales(scales, seriesCount, (place) => networkOf[place] >= 0),
  };
}
