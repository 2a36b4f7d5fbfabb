import { describe, expect, it } from 'vitest';
import { createCsvParser } from '../../../electron/station/intake/csv.ts';
import { attribute, createXmlScanner, unescapeXml } from '../../../electron/station/intake/xml-scan.ts';

/** Runs `read` on the whole text, and cut in two at every place. */
function sameAtEveryCut<T>(text: string, read: (pieces: readonly string[]) => T): void {
  const whole = read([text]);
  for (let at = 0; at <= text.length; at++) expect([at, read([text.slice(0, at), text.slice(at)])]).toEqual([at, whole]);
}

describe('intake.csv', () => {
  it('gives the same records wherever the text is cut', () => {
    const text = 'a,"b ""c"" \r\n d",\r\n"",,"x"y\rlast\n\n"end"';
    const read = (pieces: readonly string[]) => {
      const records: string[][] = [];
      const parser = createCsvParser(',', (cells) => void records.push(cells));
      for (const piece of pieces) parser.push(piece);
      parser.end();
      return records;
    };
    expect(read([text])).toEqual([['a', 'b "c" \r\n d', ''], ['', '', 'xy'], ['last'], [''], ['end']]);
    sameAtEveryCut(text, read);
  });
});

describe('intake.xmlScan', () => {
  const text = `<?xml version="1.0"?><!-- <no> --><x:row r = '3' b="a>b" ><t>甲&amp;&#x4e00;&#19968;</t><v/><t><![CDATA[<&]]></t></x:row>`;
  const read = (pieces: readonly string[]) => {
    const seen: string[] = [];
    let raw = '';
    const scanner = createXmlScanner({
      open: (name, attributes) => void seen.push(`<${name} ${attribute(attributes, 'r')} ${attribute(attributes, 'b')}`),
      text: (piece) => {
        raw += unescapeXml(piece);
      },
      close: (name) => {
        seen.push(`${raw.trim()}</${name}`);
        raw = '';
      },
    });
    for (const piece of pieces) scanner.push(piece);
    scanner.end();
    return seen;
  };
  it('gives the same tags and text wherever the text is cut', () => {
    expect(read([text])).toEqual([
      '<row 3 a>b',
      '<t undefined undefined',
      '甲&一一</t',
      '<v undefined undefined',
      '</v',
      '<t undefined undefined',
      '<&</t',
      '</row',
    ]);
    sameAtEveryCut(text, read);
  });
});
