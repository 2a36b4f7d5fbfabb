import { describe, expect, it } from 'vitest';
import { errorCodes, isErrorCode } from '../../../electron/contract/error-codes.ts';
import { StationError } from '../../../electron/contract/station-error.ts';
import { asStationError, describeCode, describeError } from '../../../renderer/station/describe-error.ts';
import { wordsOf } from '../../../renderer/station/language.tsx';

const zh = wordsOf('zh');
const en = wordsOf('en');

describe('describeError', () => {
  it('says what happened, why and what to do, and names the file', () => {
    const said = describeError(new StationError('FILE_TOO_LARGE', { fileName: '台账.csv', sizeMb: 50, limitMb: 32 }), zh);
    expect(said).toMatchObject({ title: '文件过大', who: '', code: 'FILE_TOO_LARGE', kind: 'operator' });
    expect(said.detail).toContain('“台账.csv”有 50 MB，本站一次最多读取 32 MB');
    expect(said.action).not.toBe('');
  });

  it('says who can where it is not the person at the desk', () => {
    expect(describeError(new StationError('PIN_LOCKED'), zh).who).toContain('运维');
    expect(describeError(new StationError('SYNC_OFFLINE'), en).who).toContain('by itself');
  });

  it('shows the incident of a bug beside its code', () => {
    expect(describeError(new StationError('INTERNAL', {}, { incident: 'a1b2' }), zh).code).toBe('INTERNAL · a1b2');
  });

  it('reads fields, roles and states by their names', () => {
    const labels = (key: string) => (key === 'householderCode' ? '身份证号' : undefined);
    expect(describeCode('CHECK_DIGIT_WRONG', { field: 'householderCode' }, zh, labels).title).toBe('“身份证号”的校验码不正确');
    expect(describeCode('ROLE_NOT_ALLOWED', { needs: 'reviewer custodian' }, zh).detail).toContain('审核人、印章保管人');
    expect(describeCode('STATE_CONFLICT', { state: 'issued' }, zh).detail).toContain('已签发');
    expect(describeCode('PROCESS_GONE', { process: 'tokenHost' }, en).title).toBe('The key reader stopped unexpectedly');
  });

  it('never shows a bare placeholder, whatever details are missing', () => {
    for (const code of Object.keys(errorCodes)) {
      for (const words of [zh, en]) {
        const { title, detail, action, who } = describeCode(code, {}, words);
        expect(`${title}${detail}${action}${who}`, code).not.toMatch(/\{\w+\}/);
      }
    }
  });

  it('keeps an unknown code in small print and says it is a fault of the program', () => {
    expect(isErrorCode('NEVER_HEARD')).toBe(false);
    expect(describeCode('NEVER_HEARD', {}, zh)).toMatchObject({ code: 'NEVER_HEARD', title: zh.t('error.INTERNAL.title') });
  });

  it('takes anything thrown', () => {
    expect(asStationError(new TypeError('x')).code).toBe('INTERNAL');
    const known = new StationError('DISK_FULL');
    expect(asStationError(known)).toBe(known);
  });
});
