import { describe, expect, it } from 'vitest';
import { checkPin } from '../../../native/token-host/check-pin.ts';

const rules = { pinPad: false, pinMin: 6, pinMax: 8 };
const refusal = expect.objectContaining({ code: 'PIN_FORMAT' });

describe('checkPin', () => {
  it.each(['123456', 'aB3$ 6', '12345678'])('takes %j', (pin) => {
    expect(() => checkPin(Buffer.from(pin), rules)).not.toThrow();
  });

  it.each(['', '12345', '123456789', '１２３４５６', '12345\n', '密码密码'])('refuses %j', (pin) => {
    expect(() => checkPin(Buffer.from(pin), { ...rules, pinMax: pin === '123456789' ? 8 : 255 })).toThrow(refusal);
  });

  it('wants a PIN unless the reader asks for it, and none if it does', () => {
    expect(() => checkPin(null, rules)).toThrow(refusal);
    expect(() => checkPin(Buffer.from('123456'), { ...rules, pinPad: true })).toThrow(refusal);
    expect(() => checkPin(null, { ...rules, pinPad: true })).not.toThrow();
  });
});
