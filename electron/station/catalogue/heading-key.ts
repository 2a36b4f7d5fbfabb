// The one form in which column headings and aliases are compared.
// Must never be applied to values: NFKC changes names.

/** NFKC (so brackets, letters and digits become half-width), all spaces and invisible marks dropped, required-star and colon dropped. */
export function headingKey(heading: string): string {
  return heading
    .normalize('NFKC')
    .replace(/[\s\p{Cf}\p{Cc}]/gu, '')
    .replace(/[【〔［]/g, '(')
    .replace(/[】〕］]/g, ')')
    .replace(/^[*]+|[*:]+$/g, '')
    .toLowerCase();
}
