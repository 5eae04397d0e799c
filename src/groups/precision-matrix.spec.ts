import { expect, test } from "vitest";
import { precisionMatrix } from "./precision-matrix.js";

test("inverts as numpy does", () => {
  // python3 -c "import numpy; print(numpy.linalg.inv([[4,2,.6],[2,5,1],[.6,1,3]]).tolist())"
  const expected = [
    0.31390134529147984, -0.1210762331838565, -0.022421524663677132, -0.1210762331838565, 0.2609865470852018,
    -0.06278026905829595, -0.02242152466367713, -0.06278026905829595, 0.35874439461883406,
  ];
  const inverse = precisionMatrix(Float64Array.of(4, 2, 0.6, 2, 5, 1, 0.6, 1, 3), 3);
  for (const [i, value] of expected.entries()) expect(inverse[i]).toBeCloseTo(value, 14);
});

test("a matrix that is not positive definite is refused with its pivot", () => {
  expect(() => precisionMatrix(Float64Array.of(1, 2, 2, 1), 2)).toThrow("pivot 1 is -3");
});
