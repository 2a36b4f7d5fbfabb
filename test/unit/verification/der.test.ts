import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DerError,
  der,
  membersOf,
  objectId,
  readBoolean,
  readDer,
  readIntegerBytes,
  readOid,
  readTime,
  sequence,
  unsignedInteger,
} from '../../../electron/station/documents/verification/der.ts';

const hex = (text: string): Uint8Array => Buffer.from(text, 'hex');

describe('verification.der', () => {
  it('writes and reads object identifiers', () => {
    expect(Buffer.from(objectId('1.2.840.113549.1.1.11')).toString('hex')).toBe('06092a864886f70d01010b');
    for (const id of ['2.5.4.3', '1.2.840.10045.4.3.2', '2.16.840.1.101.3.4.2.1', '2.999.1'])
      expect(readOid(readDer(objectId(id)))).toBe(id);
  });

  it('chooses the short or the long length as DER wants', () => {
    expect([...der(0x04, Buffer.alloc(0x7f)).subarray(0, 2)]).toEqual([0x04, 0x7f]);
    expect([...der(0x04, Buffer.alloc(0x80)).subarray(0, 3)]).toEqual([0x04, 0x81, 0x80]);
    expect([...der(0x04, Buffer.alloc(0x100)).subarray(0, 4)]).toEqual([0x04, 0x82, 0x01, 0x00]);
  });

  it('keeps unsigned integers positive and minimal', () => {
    expect(Buffer.from(unsignedInteger(hex('0080'))).toString('hex')).toBe('02020080');
    expect(Buffer.from(unsignedInteger(hex('ff'))).toString('hex')).toBe('020200ff');
    expect(Buffer.from(unsignedInteger(hex('0000'))).toString('hex')).toBe('020100');
  });

  it.each([
    ['nothing', ''],
    ['a tag alone', '30'],
    ['an indefinite length', '3080020100 0000'.replace(' ', '')],
    ['a padded length', '308103020100'],
    ['a long length that could be short', '04820001ff'],
    ['a length beyond the end', '0405ff'],
    ['a length of five bytes', '04850000000001ff'],
    ['a long tag', '1f8101'],
    ['trailing bytes', '02010000'],
  ])('refuses %s', (_what, bytes) => {
    expect(() => readDer(hex(bytes))).toThrow(DerError);
  });

  it('refuses values that DER writes another way', () => {
    expect(() => readIntegerBytes(readDer(hex('02020001')))).toThrow(DerError);
    expect(() => readBoolean(readDer(hex('010101')))).toThrow(DerError);
    expect(() => readOid(readDer(hex('0603 80 01 01'.replaceAll(' ', ''))))).toThrow(DerError);
    expect(() => readTime(readDer(der(0x17, Buffer.from('261332000000Z'))))).toThrow(DerError);
    expect(() => readTime(readDer(der(0x17, Buffer.from('260230000000Z'))))).toThrow(DerError);
  });

  it('reads both kinds of time', () => {
    expect(readTime(readDer(der(0x17, Buffer.from('491231235959Z'))))).toBe('2049-12-31T23:59:59.000Z');
    expect(readTime(readDer(der(0x17, Buffer.from('500101000000Z'))))).toBe('1950-01-01T00:00:00.000Z');
    expect(readTime(readDer(der(0x18, Buffer.from('20500101000000Z'))))).toBe('2050-01-01T00:00:00.000Z');
  });

  it('answers any bytes with a node or DerError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          membersOf(readDer(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(DerError);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads back whatever it wrote', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 }), (parts) => {
        const members = membersOf(readDer(sequence(...parts.map((part) => der(0x04, part)))));
        expect(members.map(({ content }) => Buffer.from(content))).toEqual(parts.map((part) => Buffer.from(part)));
      }),
      { numRuns: 200 },
    );
  });
});
