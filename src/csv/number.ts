/*
 * Numbers straight from the bytes of a file.
 *
 * A decimal number m · 10^-n with an integer m < 2^53 and n ≤ 22 is one division of two exact doubles, which IEEE 754
 * rounds correctly (Clinger 1990, "How to read floating point numbers accurately"). Seventeen-digit numbers, as Python
 * and Java print them, have an m beyond 2^53; they are divided in double-double arithmetic, and where the error of that
 * could change the rounding, `Number` decides. So the result equals `Number(text)` in every case.
 */

/** 10^0 … 10^22: all powers of ten that a double holds exactly. */
export const POWERS_OF_TEN = Float64Array.from({ length: 23 }, (_, n) => Number(`1e${n}`));
/** Digits that an integer can have and be below 2^53 for certain. */
export const EXACT_DIGITS = 15;
/** Digits that the double-double path takes: 10^19 < 2^64. */
const LONG_DIGITS = 19;

const MINUS = 45;
const PLUS = 43;
const ZERO = 48;

/**
 * The number that `bytes[start, end)` spells, exactly as `Number` reads it; NaN where it is anything else (also for an
 * empty cell, `NaN`, `Infinity`, spaces around, hexadecimal). `point` is the byte of the decimal point.
 */
export function parseNumber(bytes: Uint8Array, start: number, end: number, point: number): number {
  let p = start;
  const negative = bytes[p] === MINUS;
  if (negative || bytes[p] === PLUS) p++;
  let mantissa = 0;
  let rest = 0;
  let digits = 0;
  let restDigits = 0;
  let fraction = 0;
  let seen = 0;
  let pointAt = -1;
  for (; p < end; p++) {
    const digit = bytes[p] - ZERO;
    if (digit >= 0 && digit <= 9) {
      seen++;
      if (pointAt >= 0) fraction++;
      if (digits < EXACT_DIGITS) {
        mantissa = mantissa * 10 + digit;
        // Zeros in front of the first other digit are not part of the mantissa.
        if (mantissa !== 0) digits++;
      } else {
        rest = rest * 10 + digit;
        restDigits++;
      }
    } else if (bytes[p] === point && pointAt < 0) pointAt = p;
    else break;
  }
  if (seen === 0) return Number.NaN;
  if (p < end) {
    // Only an exponent may follow; anything else is no number.
    if ((bytes[p] | 32) !== 101) return Number.NaN;
    return fromText(bytes, start, end, point);
  }
  if (fraction > 22 || digits + restDigits > LONG_DIGITS) return fromText(bytes, start, end, point);
  if (restDigits === 0) {
    const value = mantissa / POWERS_OF_TEN[fraction];
    return negative ? -value : value;
  }
  const value = divideLong(mantissa, POWERS_OF_TEN[restDigits], rest, POWERS_OF_TEN[fraction]);
  if (value !== value) return fromText(bytes, start, end, point);
  return negative ? -value : value;
}

const NUMBER_TEXT = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

function fromText(bytes: Uint8Array, start: number, end: number, point: number): number {
  let text = "";
  for (let p = start; p < end; p++) text += bytes[p] === point ? "." : String.fromCharCode(bytes[p]);
  return NUMBER_TEXT.test(text) ? Number(text) : Number.NaN;
}

/** Splits a double into two of 26 bits each, so that products of the halves are exact (Dekker 1971). */
const SPLIT = 134_217_729; // 2^27 + 1
/** The quotient's correction is right to about 2^-51 of itself; 2^-48 leaves room for its few roundings. */
const DOUBT = 2 ** -48;

/**
 * (head · scale + tail) / divisor, correctly rounded, or NaN where the rounding is in doubt. All arguments are exact
 * integers; head · scale + tail < 2^64.
 */
function divideLong(head: number, scale: number, tail: number, divisor: number): number {
  // high + low = head · scale + tail, without error.
  const product = head * scale;
  const productError = exactProductError(head, scale, product);
  const sum = product + tail;
  const sumTail = sum - product;
  const low = productError + (product - (sum - sumTail)) + (tail - sumTail);
  const quotient = sum / divisor;
  const back = quotient * divisor;
  const remainder = sum - back - exactProductError(quotient, divisor, back);
  const correction = (remainder + low) / divisor;
  const value = quotient + correction * (1 - DOUBT);
  return value === quotient + correction * (1 + DOUBT) ? value : Number.NaN;
}

/** a · b − product without error, where `product` is the rounded a · b (Dekker's TwoProduct). */
function exactProductError(a: number, b: number, product: number): number {
  const aBig = SPLIT * a;
  const aHigh = aBig - (aBig - a);
  const aLow = a - aHigh;
  const bBig = SPLIT * b;
  const bHigh = bBig - (bBig - b);
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}
