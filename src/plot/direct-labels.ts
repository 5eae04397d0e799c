/** A label that belongs beside the end of a line. */
export interface EndLabel {
  readonly text: string;
  readonly colour: string;
  /** Where the line ends, px from the top. */
  readonly y: number;
}

/**
 * Moves labels apart until each has its own line of text, as near to their lines' ends as can be, and inside
 * `[0, height]`. The order from top to bottom stays that of the lines.
 */
export function spreadLabels(labels: readonly EndLabel[], height: number, spacing: number): EndLabel[] {
  const sorted = labels.toSorted((a, b) => a.y - b.y);
  // Labels that touch become a block, which is centred on the mean of where its labels belong (isotonic regression by
  // pooling adjacent violators, Barlow et al. 1972): no label is pushed farther than the crowd demands.
  const blocks: { count: number; sum: number }[] = [];
  sorted.forEach((label, i) => {
    let block = { count: 1, sum: label.y - i * spacing };
    while (blocks.length > 0) {
      const above = blocks[blocks.length - 1];
      if (above.sum / above.count <= block.sum / block.count) break;
      block = { count: above.count + block.count, sum: above.sum + block.sum };
      blocks.pop();
    }
    blocks.push(block);
  });
  const highest = Math.max(0, height - (sorted.length - 1) * spacing);
  const bases = blocks.flatMap(({ count, sum }) =>
    new Array<number>(count).fill(Math.min(highest, Math.max(0, sum / count))),
  );
  return sorted.map((label, i) => ({ ...label, y: bases[i] + i * spacing }));
}
