// Records of a CSV text (RFC 4180, with the separators real exports use), fed piece by piece.
// Must not know encodings or headings.

export const SEPARATORS = [',', ';', '\t', '|'] as const;

/** One record longer than this is an unclosed quote, not data; also bounds the work of scanning it again. */
const MAX_RECORD_CHARS = 256 * 1024;

export class UnclosedQuote extends Error {}

interface CsvParser {
  /** @throws UnclosedQuote */
  push(text: string): void;
  end(): void;
}

/**
 * Quotes count only at the start of a field; a quote inside an unquoted one is text. Line ends are CRLF, LF or CR.
 * `onRecord` may return false to stop.
 */
export function createCsvParser(separator: string, onRecord: (cells: string[]) => void): CsvParser {
  const sep = separator.charCodeAt(0);
  let rest = '';

  /** Reads one record from `at`; gives the position after it, or -1 when the text ends within it. */
  const readRecord = (text: string, at: number, isLast: boolean): number => {
    const cells: string[] = [];
    let i = at;
    for (;;) {
      let cell: string;
      if (text.charCodeAt(i) === 34) {
        let from = i + 1;
        cell = '';
        for (;;) {
          const quote = text.indexOf('"', from);
          if (quote < 0) {
            if (isLast) throw new UnclosedQuote();
            return -1;
          }
          cell += text.slice(from, quote);
          i = quote + 1;
          if (text.charCodeAt(i) !== 34) break;
          cell += '"';
          from = i + 1;
        }
      } else cell = '';
      const start = i;
      let c = text.charCodeAt(i);
      // NaN at the end of the text compares unequal to all.
      while (i < text.length && c !== sep && c !== 10 && c !== 13) c = text.charCodeAt(++i);
      if (i > start) cell += text.slice(start, i);
      if (i >= text.length) {
        if (!isLast) return -1;
        cells.push(cell);
        break;
      }
      if (c === 13 && i === text.length - 1 && !isLast) return -1;
      cells.push(cell);
      i++;
      if (c === sep) continue;
      if (c === 13 && text.charCodeAt(i) === 10) i++;
      break;
    }
    onRecord(cells);
    return i;
  };

  const run = (text: string, isLast: boolean): void => {
    let at = 0;
    while (at < text.length) {
      const next = readRecord(text, at, isLast);
      if (next < 0) break;
      at = next;
    }
    rest = text.slice(at);
    if (rest.length > MAX_RECORD_CHARS) throw new UnclosedQuote();
  };

  return {
    push: (text) => run(rest + text, false),
    end: () => run(rest, true),
  };
}

/** The separator under which the first records are widest and most even; a comma when nothing speaks for another. */
export function detectSeparator(head: string): string {
  let best: string = SEPARATORS[0];
  let bestScore = 0;
  for (const separator of SEPARATORS) {
    const widths: number[] = [];
    const parser = createCsvParser(separator, (cells) => {
      if (widths.length < 30) widths.push(cells.length);
    });
    try {
      parser.push(head);
      if (widths.length === 0) parser.end();
    } catch (error) {
      if (!(error instanceof UnclosedQuote)) throw error;
    }
    const counts = new Map<number, number>();
    for (const width of widths) if (width > 1) counts.set(width, (counts.get(width) ?? 0) + 1);
    let score = 0;
    for (const [width, count] of counts) score = Math.max(score, count * Math.min(width, 40));
    if (score > bestScore) [best, bestScore] = [separator, score];
  }
  return best;
}
