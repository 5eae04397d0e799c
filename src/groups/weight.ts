/** A member at its own threshold has the weight 1; ten times that is worth three and a half, not ten. */
export const weightOf = (score: number) => Math.log2(1 + score);
