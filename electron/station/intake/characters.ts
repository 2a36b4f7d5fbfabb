// Looks at the characters of a kept text: private use, control, lost or masked, not in the fonts (trap 40).
// Must not change the text.
import type { RowFault } from '../../contract/intake.ts';

/** Characters of a text that the fonts of the face cannot draw. */
export type MissingGlyphs = (text: string) => readonly string[];

/** Private-use codes of GBK fonts and the characters GB 18030-2005 and -2022 gave them: the one honest mend. */
const PRIVATE_TO_STANDARD: ReadonlyMap<number, number> = new Map([
  ...Array.from(
    { length: 10 },
    (_, i) => [0xe78d + i, [0xfe10, 0xfe12, 0xfe11, 0xfe13, 0xfe14, 0xfe15, 0xfe16, 0xfe17, 0xfe18, 0xfe19][i] ?? 0] as const,
  ),
  [0xe7c7, 0x1e3f],
  [0xe816, 0x20087],
  [0xe817, 0x20089],
  [0xe818, 0x200cc],
  [0xe81e, 0x9fb4],
  [0xe826, 0x9fb5],
  [0xe82b, 0x9fb6],
  [0xe82c, 0x9fb7],
  [0xe831, 0x215d7],
  [0xe832, 0x9fb8],
  [0xe83b, 0x2298f],
  [0xe843, 0x9fb9],
  [0xe854, 0x9fba],
  [0xe855, 0x241fe],
  [0xe864, 0x9fbb],
]);

/** Nothing here can be at fault, glyphs apart. */
const HARMLESS = /^[\x20-\x7e\u4e00-\u9fff（）、，。：；《》“”·\u3400-\u4dbf]*$/;
/** Lone surrogates, other controls, direction marks and joiners, noncharacters. */
const CONTROL = /[\p{Cs}\p{Cc}\p{Cf}\p{Noncharacter_Code_Point}]/u;
/** Left where a character was lost in a conversion (? □ �) or masked (*). */
const PLACEHOLDER = /[?？□■*＊\ufffd]/u;

const isPrivate = (point: number): boolean => (point >= 0xe000 && point <= 0xf8ff) || point >= 0xf0000;

/** `U+E0A1`: a private character has no form of its own to show. */
const codePointName = (character: string): string => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** The first fault of a text, or null. `isName`: a placeholder in it is a lost or masked character, elsewhere it may be meant. */
export function characterFault(field: string, text: string, isName: boolean, missingGlyphs: MissingGlyphs): RowFault | null {
  if (!HARMLESS.test(text)) {
    for (const character of text) {
      const point = character.codePointAt(0) ?? 0;
      if (isPrivate(point) && !isNoncharacter(point)) return privateUse(field, text, character);
    }
    if (CONTROL.test(text)) {
      const suggestion = text.replace(new RegExp(CONTROL, 'gu'), '').trim();
      return { code: 'CHARACTER_CONTROL', field, details: { field }, ...(suggestion === '' ? {} : { suggestion }) };
    }
  }
  const lost = (isName ? PLACEHOLDER : /\ufffd/u).exec(text)?.[0];
  if (lost !== undefined) return { code: 'CHARACTER_PLACEHOLDER', field, details: { field, character: lost } };
  const missing = missingGlyphs(text)[0];
  return missing === undefined
    ? null
    : { code: 'CHARACTER_WITHOUT_GLYPH', field, details: { field, character: `${missing} ${codePointName(missing)}` } };
}

const isNoncharacter = (point: number): boolean => (point & 0xfffe) === 0xfffe;

function privateUse(field: string, text: string, character: string): RowFault {
  const details = { field, character: codePointName(character) };
  const standard = PRIVATE_TO_STANDARD.get(character.codePointAt(0) ?? 0);
  if (standard === undefined) return { code: 'CHARACTER_PRIVATE_USE', field, details };
  return { code: 'CHARACTER_PRIVATE_USE', field, details, suggestion: text.replaceAll(character, String.fromCodePoint(standard)) };
}

/** Asks for each character once in a run: registers repeat the same few thousand. */
export function rememberGlyphs(missingGlyphs: MissingGlyphs): MissingGlyphs {
  const known = new Map<string, boolean>();
  return (text) => {
    const missing: string[] = [];
    for (const character of text) {
      let isMissing = known.get(character);
      if (isMissing === undefined) {
        isMissing = missingGlyphs(character).length > 0;
        known.set(character, isMissing);
      }
      if (isMissing) missing.push(character);
    }
    return missing;
  };
}
