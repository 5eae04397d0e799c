import { type Forest, LEAF_WIDTH } from "./forest.js";

/** Trees as we grow them have up to 9 levels; beyond this a tree was made to exhaust who scores with it. */
const DEEPEST = 64;
const MOST_TREES = 10_000;

/**
 * What keeps a forest from being one that can be scored with, or undefined. Nothing of it is trusted: with a forest that
 * passes, every row ends at a leaf within 64 steps and no index leaves its array.
 *
 * @param featureCount the columns that a row will have.
 * @example checkForest({ ...forest, roots: Int32Array.of(-1) }, 10) // "root 0 is node -1, of 511 nodes"
 */
export function checkForest(forest: Forest, featureCount: number): string | undefined {
  const { roots, feature, threshold, left, leaves } = forest;
  const nodes = left.length;
  if (forest.featureCount !== featureCount) return `it has ${forest.featureCount} features, its plan ${featureCount}`;
  if (roots.length < 1 || roots.length > MOST_TREES) return `it has ${roots.length} trees`;
  if (feature.length !== nodes || threshold.length !== nodes) {
    return `${nodes} nodes have ${feature.length} features and ${threshold.length} thresholds`;
  }
  if (leaves.length % LEAF_WIDTH !== 0)
    return `its leaves have ${leaves.length} figures, not a multiple of ${LEAF_WIDTH}`;
  const outside = roots.findIndex((root) => root < 0 || root >= nodes);
  if (outside >= 0) return `root ${outside} is node ${roots[outside]}, of ${nodes} nodes`;
  const unusable = leaves.findIndex((figure) => !Number.isFinite(figure));
  if (unusable >= 0) return `figure ${unusable} of its leaves is ${leaves[unusable]}`;
  return checkNodes(forest, nodes);
}

/** Children come after their parents, so one pass sees every depth, and there can be no circle. */
function checkNodes({ feature, threshold, left, leaves, featureCount }: Forest, nodes: number): string | undefined {
  const depth = new Uint8Array(nodes);
  const leafCount = leaves.length / LEAF_WIDTH;
  for (let node = 0; node < nodes; node++) {
    const next = left[node];
    if (next < 0) {
      if (-1 - next >= leafCount) return `node ${node} ends at leaf ${-1 - next}, of ${leafCount} leaves`;
      continue;
    }
    if (next <= node || next + 1 >= nodes) return `node ${node} leads to node ${next}, of ${nodes} nodes`;
    if (feature[node] >= featureCount) return `node ${node} asks feature ${feature[node]}, of ${featureCount}`;
    if (Number.isNaN(threshold[node])) return `node ${node} has no threshold`;
    if (depth[node] === DEEPEST) return `it is deeper than ${DEEPEST} levels at node ${node}`;
    depth[next] = Math.max(depth[next], depth[node] + 1);
    depth[next + 1] = Math.max(depth[next + 1], depth[node] + 1);
  }
  return undefined;
}
