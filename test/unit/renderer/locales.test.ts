// The words of the window and of every error code: both languages whole, of one shape, none missing, none unused.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { errorCodes, isErrorCode } from '../../../electron/contract/error-codes.ts';
import { NormalisationKind } from '../../../electron/contract/intake.ts';
import { DeliveryState, HandOver, LegalStatus, LicenceState } from '../../../electron/contract/licence.ts';
import { Role } from '../../../electron/contract/values.ts';
import { findingWeights } from '../../../electron/contract/verification.ts';
import { CheckLine, JobView, SealUse } from '../../../electron/contract/work.ts';
import en from '../../../resources/locales/en.json';
import zh from '../../../resources/locales/zh.json';

const root = path.resolve(import.meta.dirname, '../../..');
const both: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['zh', zh],
  ['en', en],
];
const placeholders = (text: string): readonly string[] =>
  [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? ''))].sort();

describe('locales', () => {
  it('have the same keys in the same order', () => {
    expect(Object.keys(en)).toEqual(Object.keys(zh));
  });

  it('have the same placeholders', () => {
    const wrong = Object.entries(zh).filter(
      ([key, text]) => placeholders(text).join() !== placeholders((en as Readonly<Record<string, string>>)[key] ?? '').join(),
    ); // flat file: every value is a text
    expect(wrong.map(([key]) => key)).toEqual([]);
  });

  it.each(both)('%s: no text is empty, has markup or blanks at its ends', (_, texts) => {
    const wrong = Object.entries(texts).filter(
      ([, text]) => text.trim() === '' || (text !== text.trim() && text.length > 2) || /<[a-z/]|&[a-z]+;/i.test(text),
    );
    expect(wrong).toEqual([]);
  });

  it('zh is Chinese and en is not', () => {
    const same = ['frame.otherLanguage', 'system.languageZh'];
    const mixed = Object.entries(en).filter(([key, text]) => !same.includes(key) && /[\u3400-\u9fff]/.test(text));
    expect(mixed).toEqual([]);
    expect(Object.values(zh).filter((text) => /[\u3400-\u9fff]/.test(text)).length).toBeGreaterThan(Object.keys(zh).length * 0.97);
  });

  it.each(both)('%s: each error code has its title, detail and action, with details it really carries', (_, texts) => {
    for (const [code, { details }] of Object.entries(errorCodes)) {
      const known = details instanceof z.ZodObject ? Object.keys(details.shape) : [];
      for (const part of ['title', 'detail', 'action']) {
        const text = texts[`error.${code}.${part}`];
        expect(text, `error.${code}.${part}`).toBeTruthy();
        expect(known, `error.${code}.${part}`).toEqual(expect.arrayContaining([...placeholders(text ?? '')]));
      }
    }
  });

  it('have no words for codes that do not exist', () => {
    const codes = Object.keys(zh).flatMap((key) => /^error\.(\w+)\./.exec(key)?.[1] ?? []);
    expect(codes.filter((code) => !isErrorCode(code))).toEqual([]);
  });

  it('have a word for each state, kind and finding that comes as data', () => {
    const states = [...LicenceState.options, ...LegalStatus.options, ...DeliveryState.options, 'returned', 'timeUnconfirmed'].map(
      (state) => `state.${state}`,
    );
    const timeline = [
      'imported',
      'typed',
      'submitted',
      'returned',
      'approved',
      'sealingFailed',
      'sealed',
      'handedOver',
      'cancelled',
      'voided',
      'reissued',
      'queued',
      'delivered',
      'refused',
      'closed',
      'retried',
      'printed',
      'fileSaved',
      'mended',
      'attached',
      'detached',
    ].map((what) => `timeline.${what}`);
    const wanted = [
      ...states,
      ...timeline,
      ...JobView.shape.kind.options.map((kind) => `job.${kind}`),
      ...CheckLine.shape.id.options.map((id) => `checkName.${id}`),
      ...CheckLine.shape.state.options.map((state) => `checkState.${state}`),
      ...Object.keys(findingWeights).map((code) => `verify.${code}`),
      ...NormalisationKind.options.map((kind) => `change.${kind}`),
      ...SealUse.options.map((use) => `sealUse.${use}`),
      ...Role.options.map((role) => `role.${role}`),
      ...HandOver.shape.identified.options.map((how) => `handOver.identified.${how}`),
      ...HandOver.shape.given.element.options.map((what) => `handOver.given.${what}`),
    ];
    expect(wanted.filter((key) => !(key in zh))).toEqual([]);
  });

  it('says the state words of the interface', () => {
    const words = [
      'draft',
      'submitted',
      'returned',
      'approved',
      'sealing',
      'issued',
      'queued',
      'sending',
      'acknowledged',
      'refused',
      'quarantined',
      'timeUnconfirmed',
    ].map((state) => Object.fromEntries(Object.entries(zh))[`state.${state}`]);
    expect(words).toEqual([
      '待完善',
      '待审核',
      '已退回',
      '待签章',
      '签章中',
      '已签发',
      '待送达',
      '送达中',
      '已送达',
      '被退回（需处理）',
      '已隔离（需处理）',
      '时间待确认',
    ]);
  });

  it('have no text that nothing uses', () => {
    // The station and the command line use the words of errors; their other texts are in station.*.json.
    const sources = sourceTexts(path.join(root, 'renderer')).join('\n');
    const literals = new Set([...sources.matchAll(/['"`]([\w-]+(?:\.[\w-]+)+)['"`]/g)].map(([, key]) => key));
    // `state.${x}` and the like: the fixed beginning of a key that is put together.
    const beginnings = [...new Set([...sources.matchAll(/`([a-zA-Z]+(?:\.[a-zA-Z]+)*\.?)\$\{/g)].map(([, start]) => start ?? ''))].filter(
      (start) => start.includes('.'),
    );
    const unused = Object.keys(zh).filter((key) => !literals.has(key) && !beginnings.some((start) => key.startsWith(start)));
    expect(unused).toEqual([]);
  });
});

function sourceTexts(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'utf8'));
}
