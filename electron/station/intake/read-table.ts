// Opens a file of matters: says by its content what it is, and reads it as rows of text or refuses it with one clear code.
// Must not judge headings or values, and changes nothing anywhere.
import type { TableEncoding } from '../../contract/intake.ts';
import { isStationError, StationError } from '../../contract/station-error.ts';
import { createCsvParser, detectSeparator, UnclosedQuote } from './csv.ts';
import { nextSlice } from './slices.ts';
import { sniff } from './sniff.ts';
import { MAX_COLUMNS, MAX_FILE_BYTES, MAX_ROWS, type ParsedTable, type TableRow } from './table.ts';
import { decodeText, detectEncoding } from './text-encoding.ts';
import { readXlsx, type Zip } from './xlsx.ts';
import { BrokenXml } from './xml-scan.ts';
import { BrokenZip, listZip, ZipTooLarge } from './zip.ts';

export interface ReadOptions {
  /** The clerk's choice instead of the detected one; for text files only. */
  readonly encoding?: TableEncoding;
  readonly signal?: AbortSignal;
}

const MB = 1024 * 1024;

/**
 * @throws FILE_EMPTY, FILE_TOO_LARGE (before anything is parsed, or when a zip unfolds beyond its bound),
 * FILE_NOT_A_TABLE {looksLike}, FILE_BROKEN, FILE_UNREADABLE (bytes the encoding does not have), TOO_MANY_ROWS, CANCELLED
 */
export async function readTable(fileName: string, bytes: Uint8Array, options: ReadOptions = {}): Promise<ParsedTable> {
  if (bytes.length === 0) throw new StationError('FILE_EMPTY', { fileName });
  if (bytes.length > MAX_FILE_BYTES)
    throw new StationError('FILE_TOO_LARGE', { fileName, sizeMb: Math.ceil(bytes.length / MB), limitMb: MAX_FILE_BYTES / MB });
  const sniffed = sniff(bytes);
  if (sniffed.kind === 'other') throw new StationError('FILE_NOT_A_TABLE', { fileName, looksLike: sniffed.looksLike });
  const table = sniffed.kind === 'zip' ? await readWorkbook(fileName, bytes, options.signal) : await readCsv(fileName, bytes, options);
  if (table.sheets.every((sheet) => sheet.rows.length === 0)) throw new StationError('FILE_EMPTY', { fileName });
  return table;
}

async function readCsv(fileName: string, bytes: Uint8Array, options: ReadOptions): Promise<ParsedTable> {
  const encoding = options.encoding ?? detectEncoding(bytes);
  if (encoding === null) throw new StationError('FILE_NOT_A_TABLE', { fileName, looksLike: 'binary' });
  const rows: TableRow[] = [];
  let fileRow = 0;
  try {
    const texts = decodeText(bytes, encoding);
    // Excel's own hint line, which it hides from the person.
    const first = texts.next().value ?? '';
    const hint = /^sep=(.)\r?\n/.exec(first);
    const separator = hint?.[1] ?? detectSeparator(first);
    if (hint !== null) fileRow = 1;
    const parser = createCsvParser(separator, (cells) => {
      fileRow++;
      if (cells.every((cell) => cell.trim() === '')) return;
      rows.push({ fileRow, cells: cells.length > MAX_COLUMNS ? cells.slice(0, MAX_COLUMNS) : cells });
      if (rows.length > MAX_ROWS) throw new StationError('TOO_MANY_ROWS', { rows: rows.length, limit: MAX_ROWS });
    });
    parser.push(hint === null ? first : first.slice(hint[0].length));
    for (const text of texts) {
      await nextSlice(options.signal);
      parser.push(text);
    }
    parser.end();
    return { fileName, format: { kind: 'csv', encoding, separator }, sheets: [{ name: '', isHidden: false, rows }] };
  } catch (error) {
    if (error instanceof UnclosedQuote) throw new StationError('FILE_BROKEN', { fileName }, { cause: error });
    if (isDecodingError(error)) throw new StationError('FILE_UNREADABLE', { fileName }, { cause: error });
    throw error;
  }
}

async function readWorkbook(fileName: string, bytes: Uint8Array, signal: AbortSignal | undefined): Promise<ParsedTable> {
  try {
    const zip = listZip(bytes);
    const looksLike = otherZip(zip);
    if (looksLike !== null) throw new StationError('FILE_NOT_A_TABLE', { fileName, looksLike });
    const sheets = await readXlsx(bytes, zip, signal);
    if (sheets.length === 0) throw new StationError('FILE_BROKEN', { fileName });
    return { fileName, format: { kind: 'xlsx' }, sheets };
  } catch (error) {
    if (isStationError(error)) throw error;
    if (error instanceof ZipTooLarge) {
      const details = { fileName, sizeMb: Math.ceil(error.sizeBytes / MB), limitMb: Math.ceil(error.limitBytes / MB) };
      throw new StationError('FILE_TOO_LARGE', details, { cause: error });
    }
    if (error instanceof BrokenZip || error instanceof BrokenXml || isDecodingError(error))
      throw new StationError('FILE_BROKEN', { fileName }, { cause: error });
    throw error;
  }
}

/** TextDecoder in fatal mode throws a TypeError with this code. */
const isDecodingError = (error: unknown): boolean =>
  error instanceof TypeError && 'code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA';

/** What a zip is when it is no .xlsx workbook; null when it is one. */
function otherZip(zip: Zip): string | null {
  if ([...zip.values()].some((entry) => entry.isEncrypted)) return 'zip-encrypted';
  if (zip.has('xl/workbook.bin')) return 'xlsb';
  if (zip.has('word/document.xml')) return 'docx';
  if (zip.has('ppt/presentation.xml')) return 'pptx';
  if (zip.has('OFD.xml')) return 'ofd';
  if (zip.has('mimetype') && zip.has('content.xml')) return 'ods';
  return zip.has('xl/workbook.xml') || zip.has('_rels/.rels') ? null : 'zip';
}
