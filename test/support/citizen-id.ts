// A citizen id number of the right form (GB 11643): invented, with a right check character.

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

export function citizenIdOf(region: number, year: number, month: number, day: number, sequence: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const body = `${region}${year}${two(month)}${two(day)}${String(sequence).padStart(3, '0')}`;
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(body[at]), 0);
  return `${body}${'10X98765432'[sum % 11]}`;
}
