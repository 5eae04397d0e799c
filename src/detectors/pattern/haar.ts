/** Values of a window, and its Haar coefficients. */
export const WINDOW = 8;

const ROOT_HALF = Math.SQRT1_2;

/**
 * The orthonormal Haar transform of 8 values: their sum over √8, then the difference of the halves, of the quarters and of the pairs.
 *
 * @param into 8 coefficients, coarse to fine. @param scratch 8 numbers.
 * @example haar(Float64Array.of(1, 1, 1, 1, 0, 0, 0, 0), into, scratch) // √2, √2, 0, 0, 0, 0, 0, 0
 */
export function haar(values: Float64Array, into: Float64Array, scratch: Float64Array): void {
  scratch.set(values);
  for (let length = WINDOW; length > 1; length /= 2) {
    const half = length / 2;
    for (let i = 0; i < half; i++) {
      const [left, right] = [scratch[2 * i], scratch[2 * i + 1]];
      into[half + i] = (left - right) * ROOT_HALF;
      scratch[i] = (left + right) * ROOT_HALF;
    }
  }
  into[0] = scratch[0];
}
