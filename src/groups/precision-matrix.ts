/**
 * The inverse of a symmetric positive definite matrix, row by row, through its Cholesky factor.
 *
 * Row j over its own diagonal element is, with the sign turned, the regression of variable j on all others (Whittaker 1990, 5.7): one
 * inverse holds all regressions.
 *
 * @param matrix `size` × `size`; only its lower half is read. @throws RangeError where it is not positive definite.
 */
export function precisionMatrix(matrix: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i * size + j];
      for (let k = 0; k < j; k++) rest -= lower[i * size + k] * lower[j * size + k];
      if (i === j && !(rest > 0)) throw new RangeError(`a positive definite matrix is needed; pivot ${i} is ${rest}`);
      lower[i * size + j] = i === j ? Math.sqrt(rest) : rest / lower[j * size + j];
    }
  }
  const inverse = new Float64Array(size * size);
  const column = new Float64Array(size);
  for (let c = 0; c < size; c++) {
    for (let i = c; i < size; i++) {
      let rest = i === c ? 1 : 0;
      for (let k = c; k < i; k++) rest -= lower[i * size + k] * column[k];
      column[i] = rest / lower[i * size + i];
    }
    // Upwards from the last row; what lies above c follows from symmetry.
    for (let i = size - 1; i >= c; i--) {
      let rest = column[i];
      for (let k = i + 1; k < size; k++) rest -= lower[k * size + i] * inverse[k * size + c];
      inverse[i * size + c] = rest / lower[i * size + i];
      inverse[c * size + i] = inverse[i * size + c];
    }
  }
  return inverse;
}
