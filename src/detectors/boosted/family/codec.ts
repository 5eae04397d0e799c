import { isObject } from "../../../errors/parsed.js";
import { type Boosted, emptyBoosted } from "../../../forest/boosting.js";
import { foundValue } from "../../../wording/found-value.js";
import type { Numbers, Section } from "../../kind.js";
import { packScales, unpackScales } from "../../trained/series-scale.js";
import { MOST_LAG_MS, MOST_LEAVES, MOST_TREES } from "../options.js";
import { featureCount } from "../recent-features.js";
import type { BoostedFamily } from "./learned.js";

interface FamilyHeader {
  readonly stepMs: number;
  readonly lagsMs: readonly number[];
  readonly leaves: number;
  readonly base: number;
}

const ARRAYS = ["feature", "threshold", "left", "missingLeft", "value"] as const;
/** A byte names a feature. */
const MOST_LAGS = 64;

export function encodeFamily({ stepMs, lagsMs, boosted, scales }: BoostedFamily): Section {
  const header: FamilyHeader = { stepMs, lagsMs, leaves: (boosted.nodesATree + 1) / 2, base: boosted.base };
  const trees = Object.fromEntries(ARRAYS.map((name) => [name, boosted[name]]));
  return { header, arrays: { ...trees, scales: packScales(scales) } };
}

/** @throws RangeError saying what does not fit: with a section that passes every row ends at a leaf with a finite value. */
export function decodeFamily({ header, arrays }: Section, seriesCount: number): BoostedFamily {
  if (!isObject(header)) throw new RangeError("its section has no header");
  const { stepMs, lagsMs, leaves, base } = header as unknown as FamilyHeader;
  if (!(Number.isSafeInteger(stepMs) && stepMs > 0)) throw new RangeError(`its step is ${foundValue(stepMs)}`);
  if (!Array.isArray(lagsMs) || lagsMs.length === 0 || lagsMs.length > MOST_LAGS || !lagsMs.every(isLag)) {
    throw new RangeError(`its lags are ${foundValue(lagsMs)}`);
  }
  if (!(Number.isSafeInteger(leaves) && leaves >= 2 && leaves <= MOST_LEAVES)) {
    throw new RangeError(`its trees have ${foundValue(leaves)} leaves`);
  }
  if (!Number.isFinite(base)) throw new RangeError(`its base is ${foundValue(base)}`);
  const boosted = treesOf(arrays, leaves, base);
  checkNodes(boosted, featureCount(lagsMs));
  const scales = unpackScales(arrays.scales, seriesCount, (_, spread) => spread !== 0);
  return { stepMs, lagsMs, boosted, scales };
}

const isLag = (lagMs: unknown) =>
  Number.isSafeInteger(lagMs) && (lagMs as number) > 0 && (lagMs as number) <= MOST_LAG_MS;

function treesOf(arrays: Readonly<Record<string, Numbers>>, leaves: number, base: number): Boosted {
  const nodesATree = 2 * leaves - 1;
  const count = (arrays.feature?.length ?? Number.NaN) / nodesATree;
  if (!(Number.isSafeInteger(count) && count <= MOST_TREES)) {
    throw new RangeError(`${arrays.feature?.length} nodes are no whole number of trees`);
  }
  const boosted: Boosted = { ...emptyBoosted({ trees: count, leaves }), base, count };
  for (const name of ARRAYS) {
    const [into, from] = [boosted[name], arrays[name]];
    if (from?.constructor !== into.constructor || from.length !== into.length) {
      throw new RangeError(
        `it must have an array ${name} of ${into.length} ${into.constructor.name.replace("Array", "")}`,
      );
    }
    into.set(from);
  }
  return boosted;
}

function checkNodes({ count, nodesATree, feature, threshold, left, value }: Boosted, features: number): void {
  for (let node = 0; node < count * nodesATree; node++) {
    const place = node % nodesATree;
    if (!Number.isFinite(value[node])) throw new RangeError(`node ${node} says ${value[node]}`);
    if (left[node] === 0) continue;
    // Children lie behind their parent, so that every way ends.
    if (left[node] <= place || left[node] + 1 >= nodesATree) throw new RangeError(`node ${node} leads nowhere`);
    if (feature[node] >= features)
      throw new RangeError(`node ${node} asks for feature ${feature[node]} of ${features}`);
    if (threshold[node] !== threshold[node]) throw new RangeError(`node ${node} has no threshold`);
  }
}
