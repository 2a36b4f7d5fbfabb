// Brings values into one form without changing what they say, and names every kind of change so that it can be shown.
// Must not apply NFKC to text: it would turn rare characters of names into others (trap 40).
import type { NormalisationKind } from '../../contract/intake.ts';

export interface Normalised {
  readonly value: string;
  readonly kinds: readonly NormalisationKind[];
}

/** Characters that no step below changes: the common case, decided by one pass. */
const PLAIN = /^[0-9A-Za-z\u4e00-\u9fff（）()、，。,.:：%《》/#_-]*$/;
/** Drawn by nothing, left behind by web pages and editors. Joiners and direction marks are not among them: they are refused later. */
const INVISIBLE = /[\u00ad\u200b\u2060\ufeff]/g;
const SPACES = /[\s\u0085\u2800\u3164]+/g;
const HAN_GAP = /(?<=\p{Script=Han}) (?=\p{Script=Han})/gu;
/** Look-alikes of the middle dot U+00B7 of foreign and minority names. */
const MIDDLE_DOTS = /(?<=\p{L})\s?[\u2022\u2027\u2219\u22c5\u30fb\uff65\u0387]\s?(?=\p{L})/gu;
const TEXT_MARK = /^['’‘](?=[\dA-Za-z])/;

const narrow = (text: string, pattern: RegExp): string => text.replace(pattern, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));
const FULL_WIDTH_ALPHANUMERIC = /[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]/g;
const FULL_WIDTH = /[\uff01-\uff5e]/g;

/** Runs the steps in order and collects the kinds of those that changed something. */
function inSteps(raw: string, steps: readonly (readonly [NormalisationKind, (text: string) => string])[]): Normalised {
  const kinds: NormalisationKind[] = [];
  let value = raw;
  for (const [kind, step] of steps) {
    const next = step(value);
    if (next !== value && !kinds.includes(kind)) kinds.push(kind);
    value = next;
  }
  return { value, kinds };
}

/** Composes base + combining marks only: NFC of compatibility ideographs (U+F900..) would give another character. */
const compose = (text: string): string =>
  text.replace(/\P{M}\p{M}+/gu, (cluster) => {
    const base = String.fromCodePoint(cluster.codePointAt(0) ?? 0);
    return base.normalize('NFC') === base ? cluster.normalize('NFC') : cluster;
  });

const squeeze = (text: string): string => text.replace(SPACES, ' ').trim();

/**
 * Text of an item. Full-width digits and letters become half-width, punctuation stays. In the name of a person or unit a
 * space between two Han characters is padding (张　三) and dropped; elsewhere it may part a list and stays.
 */
export function normaliseText(raw: string, isName: boolean): Normalised {
  if (PLAIN.test(raw)) return { value: raw, kinds: [] };
  return inSteps(raw, [
    ['invisible', (t) => t.replace(INVISIBLE, '')],
    ['space', squeeze],
    ['space', (t) => (isName ? t.replace(HAN_GAP, '') : t)],
    ['width', (t) => narrow(t, FULL_WIDTH_ALPHANUMERIC)],
    ['middleDot', (t) => t.replace(MIDDLE_DOTS, '·')],
    ['composition', compose],
  ]);
}

/** Codes and numbers of matters: no spaces anywhere, half-width, without the apostrophe that forces text in a spreadsheet. */
export function normaliseCode(raw: string, isUpper: boolean): Normalised {
  return inSteps(raw, [
    ['invisible', (t) => t.replace(INVISIBLE, '')],
    ['space', (t) => t.replace(SPACES, '')],
    ['width', (t) => narrow(t, FULL_WIDTH)],
    ['textMark', (t) => t.replace(TEXT_MARK, '')],
    ['case', (t) => (isUpper ? t.toUpperCase() : t)],
  ]);
}

/** Other ways registers write a unit of the catalogue. */
const SAME_UNIT: Readonly<Record<string, readonly string[]>> = {
  平方米: ['平米', '㎡', 'm2', 'm²'],
  公顷: ['hm2', 'hm²', 'ha'],
  立方米: ['立方', '㎥', 'm3', 'm³'],
};

function dropUnit(text: string, unit: string | undefined): string {
  if (unit === undefined) return text;
  const found = [unit, ...(SAME_UNIT[unit] ?? [])].find((u) => text.endsWith(u));
  return found === undefined ? text : text.slice(0, -found.length);
}

/** Digits as the register has them (130.20 stays 130.20, R03): only thousands commas, a plus and idle leading zeros go. */
export function normaliseNumber(raw: string, unit: string | undefined): Normalised {
  if (/^(0|[1-9]\d*)(\.\d+)?$/.test(raw)) return { value: raw, kinds: [] };
  return inSteps(raw, [
    ['invisible', (t) => t.replace(INVISIBLE, '')],
    ['space', (t) => t.replace(SPACES, '')],
    ['width', (t) => narrow(t, FULL_WIDTH).replace(/。(?=\d)/, '.')],
    ['textMark', (t) => t.replace(TEXT_MARK, '')],
    ['unit', (t) => dropUnit(t, unit)],
    ['number', (t) => (/^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(t) ? t.replaceAll(',', '') : t)],
    [
      'number',
      (t) =>
        /^[+-]?\d*\.?\d*$/.test(t)
          ? t
              .replace(/^\+/, '')
              .replace(/^(-?)0+(?=\d)/, '$1')
              .replace(/^(-?)\./, '$10.')
              .replace(/\.$/, '')
          : t,
    ],
  ]);
}

/** Prepares a day for `readDay`: half-width, trimmed. */
export function normaliseDayText(raw: string): Normalised {
  return inSteps(raw, [
    ['invisible', (t) => t.replace(INVISIBLE, '')],
    ['space', squeeze],
    ['width', (t) => narrow(t, FULL_WIDTH)],
    ['textMark', (t) => t.replace(TEXT_MARK, '')],
  ]);
}
