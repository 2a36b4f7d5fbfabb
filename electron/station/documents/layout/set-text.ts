// Sets a text in a box: measures, breaks lines by the rules of Chinese setting, shrinks within a limit, aligns.
// Must not decide what happens when it does not fit: it returns undefined and the caller names the field.
import type { FontSet, Weight } from '../fonts/font-set.ts';
import type { Colour, TextMark } from '../model.ts';

export interface TextBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface TextStyle {
  readonly sizeMm: number;
  readonly leastSizeMm: number;
  readonly weight: Weight;
  readonly align: 'left' | 'centre' | 'right' | 'justify';
  readonly valign: 'top' | 'middle' | 'bottom';
  readonly colour: Colour;
  readonly lineHeight: number;
  readonly tracking: number;
  readonly constant: boolean;
}

/** Characters that must not begin a line, and such that must not end one. */
const NO_START = new Set('，。、；：？！）》」』】〉”’,.;:?!)]}%％‰℃·—…～');
const NO_END = new Set('（《「『【〈“‘([{');
/** From baseline to the top of a Chinese character's ink, in ems; its square reaches 0.12 below the baseline. */
export const INK_TOP = 0.88;
/** Justified lines are stretched by at most so much of an em per character: beyond it the eye sees gaps. */
const MOST_STRETCH = 0.08;
const SHRINK = 0.96;

interface Line {
  readonly text: string;
  readonly widthMm: number;
  /** The last line of its paragraph is not stretched. */
  readonly last: boolean;
}

export function setText(fonts: FontSet, text: string, box: TextBox, style: TextStyle): readonly TextMark[] | undefined {
  for (let sizeMm = style.sizeMm; ; sizeMm = Math.max(sizeMm * SHRINK, style.leastSizeMm)) {
    const lines = breakLines(fonts, text, style.weight, sizeMm, sizeMm * style.tracking, box.width);
    // Shrunk text sits tighter, down to solid setting with a little air.
    const lineHeight = sizeMm < style.sizeMm ? Math.min(style.lineHeight, 1.28) : style.lineHeight;
    const height = sizeMm * (1 + (lines.length - 1) * lineHeight);
    if (height <= box.height + 0.01 && lines.every((line) => line.widthMm <= box.width + 0.01)) {
      return placeLines(lines, box, style, sizeMm, lineHeight, height);
    }
    if (sizeMm <= style.leastSizeMm) return undefined;
  }
}

export function widthOf(fonts: FontSet, text: string, weight: Weight, sizeMm: number, spacingMm: number): number {
  const characters = [...text];
  const em = characters.reduce((sum, character) => sum + advance(fonts, character, weight), 0);
  return em * sizeMm + Math.max(0, characters.length - 1) * spacingMm;
}

const advance = (fonts: FontSet, character: string, weight: Weight): number => fonts.glyphFor(character, weight)?.advance ?? 1;

function placeLines(
  lines: readonly Line[],
  box: TextBox,
  style: TextStyle,
  sizeMm: number,
  lineHeight: number,
  height: number,
): readonly TextMark[] {
  const slack = box.height - height;
  const top = box.y + (style.valign === 'top' ? 0 : style.valign === 'middle' ? slack / 2 : slack);
  return lines.flatMap((line, index) => {
    if (line.text.trim() === '') return [];
    const gaps = [...line.text].length - 1;
    const wanted = style.align === 'justify' && !line.last && gaps > 0 ? (box.width - line.widthMm) / gaps : 0;
    const stretch = wanted <= MOST_STRETCH * sizeMm ? wanted : 0;
    const free = box.width - line.widthMm;
    const indent = style.align === 'centre' ? free / 2 : style.align === 'right' ? free : 0;
    const mark: TextMark = {
      kind: 'text',
      x: box.x + indent,
      y: top + sizeMm * (INK_TOP + index * lineHeight),
      sizeMm,
      weight: style.weight,
      text: line.text,
      colour: style.colour,
      spacingMm: sizeMm * style.tracking + stretch,
      constant: style.constant,
    };
    return [mark];
  });
}

/** An unbreakable piece: one Chinese character with the marks that cling to it, a run of letters and digits, or a space. */
interface Word {
  text: string;
  /** Sum of the advances, in ems. */
  em: number;
  count: number;
}

function breakLines(fonts: FontSet, text: string, weight: Weight, sizeMm: number, spacingMm: number, width: number): readonly Line[] {
  const widthOfWord = (em: number, count: number) => em * sizeMm + Math.max(0, count - 1) * spacingMm;
  return text.split('\n').flatMap((paragraph) => {
    const lines: Line[] = [];
    let line: Word = { text: '', em: 0, count: 0 };
    const end = (last: boolean) => {
      const trimmed = line.text.trimEnd();
      lines.push({
        text: trimmed,
        widthMm: trimmed === line.text ? widthOfWord(line.em, line.count) : widthOf(fonts, trimmed, weight, sizeMm, spacingMm),
        last,
      });
      line = { text: '', em: 0, count: 0 };
    };
    for (const word of wordsOf(fonts, paragraph, weight)) {
      const space = word.text.trim() === '';
      if (!space && line.count > 0 && widthOfWord(line.em + word.em, line.count + word.count) > width) end(false);
      // A space between two lines is the break itself; at the start of a paragraph it is the indent.
      if (space && line.count === 0 && lines.length > 0) continue;
      // A run longer than a whole line is cut where the line ends.
      const pieces = word.count > 1 && widthOfWord(word.em, word.count) > width ? wordsOf(fonts, word.text, weight, true) : [word];
      for (const piece of pieces) {
        if (line.count > 0 && widthOfWord(line.em + piece.em, line.count + piece.count) > width && !space) end(false);
        line = { text: line.text + piece.text, em: line.em + piece.em, count: line.count + piece.count };
      }
    }
    end(true);
    return lines;
  });
}

function wordsOf(fonts: FontSet, paragraph: string, weight: Weight, singly = false): readonly Word[] {
  const words: Word[] = [];
  let previous = '';
  for (const character of paragraph) {
    const em = advance(fonts, character, weight);
    const word = words.at(-1);
    const clings = !singly && (NO_START.has(character) || NO_END.has(previous) || (isRun(previous) && isRun(character)));
    if (word && clings) {
      word.text += character;
      word.em += em;
      word.count += 1;
    } else words.push({ text: character, em, count: 1 });
    previous = character;
  }
  return words;
}

const isRun = (character: string) => /^[\u0021-\u007e\u00b7\u2160-\u217f]$/.test(character);
