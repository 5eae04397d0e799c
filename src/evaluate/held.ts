/** The highest of the last `slots` scores at each slot: what a dashboard that holds an alarm would show. */
export function heldScore(score: Float64Array, slots: number): Float64Array {
  const held = new Float64Array(score.length);
  // Slots whose score nothing later has passed, highest first: the front is the maximum of the window.
  const queue = new Int32Array(score.length);
  let head = 0;
  let tail = 0;
  for (let i = 0; i < score.length; i++) {
    while (tail > head && score[queue[tail - 1]] <= score[i]) tail--;
    queue[tail++] = i;
    if (queue[head] <= i - slots) head++;
    held[i] = score[queue[head]];
  }
  return held;
}
