// What the licence search index holds and how a typed text becomes a query over it. Names are found by any part, from one
// character on; numbers, matters and identity codes by their beginning (ordinary indexes) or their last digits (index terms).
import { type Query, sql, sqlJoin } from '../database.ts';

const isWord = (character: string): boolean => /[\p{L}\p{N}]/u.test(character);
const isAscii = (character: string): boolean => character.length === 1 && character < '\u0080';

/** Runs of letters and digits, as code points; everything else separates. */
function runsOf(text: string): string[][] {
  const runs: string[][] = [[]];
  for (const character of text.normalize('NFKC').toLowerCase()) {
    if (isWord(character)) runs.at(-1)?.push(character);
    else if ((runs.at(-1)?.length ?? 0) > 0) runs.push([]);
  }
  return runs.filter((run) => run.length > 0);
}

/** FTS5 tokens are made of letters and digits only, so a term is spelled in hex of its code points with a mark for its kind. */
const term = (kind: 'n' | 't', characters: readonly string[]): string =>
  kind + characters.map((c) => (c.codePointAt(0) ?? 0).toString(16)).join('x');

const TAILS = [4, 5, 6] as const;
const LONGEST_TAIL = 6;

const digitsOf = (text: string): string[] => [...text.toLowerCase()].filter((c) => isAscii(c) && isWord(c));

export interface SearchText {
  readonly holderName: string;
  readonly holderCode: string;
  readonly matterNumber: string;
  readonly number: string | null;
}

/** The space-separated terms of one licence. */
export function searchTerms(text: SearchText): string {
  const terms = new Set<string>();
  for (const run of runsOf(text.holderName)) {
    run.forEach((character, index) => {
      terms.add(term('n', [character]));
      const after = run[index + 1];
      if (after !== undefined) terms.add(term('n', [character, after]));
    });
  }
  for (const code of [text.holderCode, text.matterNumber, text.number ?? '']) {
    const digits = digitsOf(code);
    for (const length of TAILS) if (digits.length >= length) terms.add(term('t', digits.slice(-length)));
  }
  return [...terms].join(' ');
}

/** What every number of training begins with (licences/numbering.ts); a person may leave it out. */
const TRAINING_MARK = '演练';

type Column = 'holder_code' | 'matter_number' | 'number' | 'identifier';

/** Rows whose column begins with `prefix`, by its index. */
const beginning = (column: Column, prefix: string, most: number): Query => ({
  text: `SELECT row_id FROM licence WHERE ${column} >= ? AND ${column} < ? LIMIT ?`,
  values: [prefix, `${prefix}\u{10ffff}`, most],
});
/** Newest first, as the index itself can give them. */
const matching = (terms: readonly string[], most: number): Query =>
  sql`SELECT rowid AS row_id FROM licence_search WHERE licence_search MATCH ${terms.map((t) => `"${t}"`).join(' AND ')} ORDER BY rowid DESC LIMIT ${most}`;

/**
 * A SELECT of the row_id of every licence that a typed text finds, each once, or undefined for an empty text. `most` bounds
 * each way of finding: a name gives its newest, a beginning its first; -1 for no bound.
 */
export function searchHits(text: string, most: number): Query | undefined {
  const typed = text.normalize('NFKC').trim();
  if (typed === '') return undefined;
  const upper = typed.toUpperCase();
  const ways: Query[] = [];

  const nameTerms = runsOf(typed).flatMap((run) =>
    run.length === 1 ? [term('n', run)] : run.slice(1).map((character, index) => term('n', [run[index] ?? '', character])),
  );
  if (nameTerms.length > 0) ways.push(matching(nameTerms, most));

  // As typed, and in capitals as codes are kept; the full-width form is gone from both.
  const spellings = [...new Set([text.trim(), typed, upper])];
  for (const spelling of spellings) ways.push(beginning('matter_number', spelling, most));
  for (const spelling of spellings) ways.push(beginning('number', spelling, most), beginning('number', TRAINING_MARK + spelling, most));
  if ([...upper].every(isAscii)) ways.push(beginning('holder_code', upper, most));
  if (upper.startsWith('1.2.156.')) ways.push(beginning('identifier', upper, most));

  const digits = digitsOf(typed);
  const tail = digits.slice(-LONGEST_TAIL);
  if (tail.length >= TAILS[0]) {
    const byTail = matching([term('t', tail)], most);
    // The tail says the rest where nothing but it was typed; else the whole must be there as it was typed.
    const isTailOnly = digits.length === tail.length && digits.length === [...typed].length;
    const isWhole = sql`(instr(l.number, ${typed}) > 0 OR instr(upper(l.matter_number), ${upper}) > 0 OR instr(l.holder_code, ${upper}) > 0)`;
    ways.push(isTailOnly ? byTail : sql`SELECT l.row_id FROM licence l WHERE l.row_id IN (${byTail}) AND ${isWhole}`);
  }
  return sqlJoin(
    ways.map((way) => sql`SELECT row_id FROM (${way})`),
    ' UNION ',
  );
}
