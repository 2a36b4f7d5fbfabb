// What the licence search index holds and how a typed text becomes a query over it. Names are found by any part, from one
// character on; numbers, matters and identity codes by their beginning (ordinary indexes) or their last digits (index terms).
import { type Query, sql } from '../database.ts';

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
    const digits = [...code.toLowerCase()].filter((c) => isAscii(c) && isWord(c));
    for (const length of TAILS) if (digits.length >= length) terms.add(term('t', digits.slice(-length)));
  }
  return [...terms].join(' ');
}

const upperBound = (prefix: string): string => `${prefix}\u{10ffff}`;

/** The condition on `licence` (alias l) for a typed text, or undefined for an empty one. */
export function searchCondition(text: string): Query | undefined {
  const runs = runsOf(text);
  if (runs.length === 0) return undefined;
  const typed = text.normalize('NFKC').trim().toUpperCase();
  const asciiOnly = [...typed].every(isAscii);
  const nameTerms = runs.flatMap((run) =>
    run.length === 1 ? [term('n', run)] : run.slice(1).map((character, index) => term('n', [run[index] ?? '', character])),
  );
  const byName = sql`l.row_id IN (SELECT rowid FROM licence_search WHERE terms MATCH ${nameTerms.map((t) => `"${t}"`).join(' AND ')})`;
  const digits = [...typed.toLowerCase()].filter((c) => isAscii(c) && isWord(c));
  if (!asciiOnly) {
    // A licence number begins with Chinese words: 农宅字第…
    return sql`(${byName} OR l.row_id IN (SELECT row_id FROM licence WHERE number >= ${text.trim()} AND number < ${upperBound(text.trim())}))`;
  }
  const ways = [
    byName,
    sql`l.row_id IN (SELECT row_id FROM licence WHERE holder_code >= ${typed} AND holder_code < ${upperBound(typed)})`,
    sql`l.row_id IN (SELECT row_id FROM licence WHERE matter_number >= ${typed} AND matter_number < ${upperBound(typed)})`,
  ];
  if (TAILS.some((length) => length === digits.length))
    ways.push(sql`l.row_id IN (SELECT rowid FROM licence_search WHERE terms MATCH ${`"${term('t', digits)}"`})`);
  if (digits.length > 6)
    ways.push(
      sql`(l.row_id IN (SELECT rowid FROM licence_search WHERE terms MATCH ${`"${term('t', digits.slice(-6))}"`}) AND (l.number LIKE ${`%${typed}%`} OR l.matter_number LIKE ${`%${typed}`} OR l.holder_code LIKE ${`%${typed}`}))`,
    );
  if (typed.startsWith('1.2.156.'))
    ways.push(sql`l.row_id IN (SELECT row_id FROM licence WHERE identifier >= ${typed} AND identifier < ${upperBound(typed)})`);
  return { text: `(${ways.map((w) => w.text).join(' OR ')})`, values: ways.flatMap((w) => w.values) };
}
