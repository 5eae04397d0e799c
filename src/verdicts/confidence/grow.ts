import { RandomForestClassifier } from "ml-random-forest";

/** One judged episode: what was seen when it alarmed, and 1 where people called it real, else 0. */
export interface Row {
  readonly seen: readonly number[];
  readonly real: 0 | 1;
}

/** Trees of the forest, which vote; 40 to 60 were alike on the development sets. */
const TREES = 60;
/** Each tree sees a third of the features: of all, the estimates are worse (bench/quality/diary.md). */
const SHARE_OF_FEATURES = 0.33;
/** The package is quadratic in the rows: 200 take 0.8 CPU seconds, 500 take 4. What people said before that is of another time. */
const MOST_ROWS = 250;
/** Fewer are not split further. */
const LEAST_SPLIT = 8;
const SEED = 1;

export interface Grown {
  /** The chance (0–1) that an episode is real. */
  readonly chance: (seen: readonly number[]) => number;
}

export type Learn = (rows: readonly Row[]) => Grown;

/** The chance that an episode is real, from rows in the order of time; the newest of them count. The same rows give the same forest. */
export function grow(rows: readonly Row[]): Grown {
  const newest = rows.slice(-MOST_ROWS);
  // The package's regression takes a split that leaves no error for none at all, so what is easiest to tell apart stays together there.
  const forest = new RandomForestClassifier({
    seed: SEED,
    nEstimators: TREES,
    maxFeatures: SHARE_OF_FEATURES,
    replacement: false,
    noOOB: true,
    treeOptions: { minNumSamples: LEAST_SPLIT },
  });
  forest.train(
    newest.map(({ seen }) => [...seen]),
    newest.map(({ real }) => real),
  );
  return {
    // Its own `predictProbability` leaves the first tree out.
    chance: (seen) => {
      const votes = forest.predictionValues([[...seen]]).getRow(0);
      return votes.reduce((sum, vote) => sum + vote, 0) / votes.length;
    },
  };
}

/**
 * How much the chance depends on each feature: by how much it changes on average when that feature alone comes from another row. They sum to 1; all
 * are 0 where nothing matters.
 */
export function weightsOf({ chance }: Grown, rows: readonly Row[]): readonly number[] {
  const shift = Math.ceil(rows.length / 2);
  const plain = rows.map(({ seen }) => chance(seen));
  const changes = (rows[0]?.seen ?? []).map((_, feature) =>
    rows.reduce((sum, { seen }, i) => {
      const other = rows[(i + shift) % rows.length].seen[feature];
      return sum + Math.abs(chance(seen.with(feature, other)) - plain[i]);
    }, 0),
  );
  const total = changes.reduce((sum, change) => sum + change, 0);
  return changes.map((change) => (total === 0 ? 0 : change / total));
}
