/** The sums that the issuers of numbers have agreed on, so that a slip of the pen is no number of theirs. */

/** ISO/IEC 7812-1: cards, and some national numbers. */
export function luhn(digits: string): boolean {
  let sum = 0;
  for (let at = digits.length - 1, twice = false; at >= 0; at--, twice = !twice) {
    const value = digitAt(digits, at) * (twice ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}

/** The rest on division of a number with letters in it, where A is 10 and Z is 35 (ISO/IEC 7064). */
export function rest(number: string, divisor: number): number {
  let left = 0;
  for (const each of number) {
    const value = Number.parseInt(each, 36);
    left = (left * (value > 9 ? 100 : 10) + value) % divisor;
  }
  return left;
}

/** The sum of its digits and letters by these weights, from the first on: `a` is 10, in both. */
export function weighted(number: string, weights: string): number {
  return Array.from(weights).reduce(
    (sum, weight, at) => sum + Number.parseInt(weight, 36) * Number.parseInt(number.charAt(at), 36),
    0,
  );
}

/** Whether the weighted digits, the last one among them, can be divided. */
export function divides(weights: string, by: number): (digits: string) => boolean {
  return (digits) => weighted(digits, weights) % by === 0;
}

/** Whether what the weighted digits leave stands behind them: the rest on division, where the highest is written as 0. */
export function leaves(weights: string, by = 11): (digits: string) => boolean {
  const end = weights.length + (by > 11 ? 2 : 1);
  return (digits) =>
    (weighted(digits, weights) % by) % (by - 1) === Number(digits.slice(weights.length, end));
}

/** ISO/IEC 7064, MOD 11,10. */
export function mod11With10(digits: string): boolean {
  let product = 10;
  for (let at = 0; at < digits.length - 1; at++) {
    product = (((product + digitAt(digits, at)) % 10 || 10) * 2) % 11;
  }
  return (11 - product) % 10 === digitAt(digits, digits.length - 1);
}

/** Verhoeff 1969: products in the group of a pentagon’s turns and flips, after a permutation that depends on the place. */
export function verhoeff(digits: string): boolean {
  let product = 0;
  for (let place = 0; place < digits.length; place++) {
    let value = digitAt(digits, digits.length - 1 - place);
    for (let turn = place % 8; turn > 0; turn--) value = '1576283094'.charCodeAt(value) - 48;
    product = pentagon(product, value);
  }
  return product === 0;
}

function pentagon(one: number, other: number): number {
  const turns = one < 5 ? one + other : one - other + 5;
  return (turns % 5) + (one < 5 === other < 5 ? 0 : 5);
}

function digitAt(digits: string, at: number): number {
  return digits.charCodeAt(at) - 48;
}
