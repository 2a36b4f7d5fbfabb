import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { call, defineContract } from '../../../electron/contract/define.ts';
import { type ErrorCode, errorCodes } from '../../../electron/contract/error-codes.ts';
import { StationError } from '../../../electron/contract/station-error.ts';
import { tokenContract } from '../../../electron/contract/token.contract.ts';
import { authorise } from '../../../electron/rpc/authorise.ts';
import { errorBody, errorOf } from '../../../electron/rpc/error-frame.ts';
import { listCalls } from '../../../electron/rpc/find-call.ts';
import { ErrorBody, isWireValue } from '../../../electron/rpc/frames.ts';

describe('isWireValue', () => {
  it.each([
    null,
    '',
    '证照',
    0,
    -1.5,
    true,
    [],
    [1, [2]],
    {},
    { a: { b: [null] } },
    Object.create(null),
    Uint8Array.of(1),
    { a: undefined },
  ])('takes %j', (value) => {
    expect(isWireValue(value)).toBe(true);
  });

  class Licence {
    readonly number = 1;
  }
  it.each([
    ['undefined', undefined],
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a bigint', 1n],
    ['a symbol', Symbol('x')],
    ['a function', () => 1],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['a set', new Set()],
    ['an error', new Error('x')],
    ['a class instance', new Licence()],
    ['a buffer', new ArrayBuffer(1)],
    ['undefined in an array', [undefined]],
    ['a date deep inside', { a: [{ b: new Date(0) }] }],
  ])('refuses %s', (_name, value) => {
    expect(isWireValue(value)).toBe(false);
  });

  it('refuses a ring instead of running for ever', () => {
    const ring: Record<string, unknown> = {};
    ring.self = ring;
    expect(isWireValue(ring)).toBe(false);
  });

  it('takes only what structured clone and JSON agree on, bytes aside', () => {
    fc.assert(
      fc.property(fc.anything({ withDate: true, withMap: true, withBigInt: true }), (value) => {
        fc.pre(isWireValue(value));
        // JSON has no minus zero and drops absent fields: the two differences that mean nothing here.
        expect(JSON.parse(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(structuredClone(value))));
      }),
    );
  });
});

describe('errors on the wire', () => {
  it('carry every code there and back', () => {
    for (const code of Object.keys(errorCodes)) {
      // The keys of the table are its codes.
      const body = ErrorBody.parse(errorBody(new StationError(code as ErrorCode, {}, { incident: 'i1' })));
      expect(errorOf(body)).toMatchObject({ code, incident: 'i1', details: {} });
    }
  });

  it('carry listed details of the right kind only', () => {
    const error = new StationError('FILE_TOO_LARGE', { fileName: 'a.csv', sizeMb: '50', limitMb: 20, holder: '张三' });
    expect(errorBody(error)).toEqual({ code: 'FILE_TOO_LARGE', details: { fileName: 'a.csv', limitMb: 20 } });
  });
});

describe('authorise', () => {
  const empty = z.strictObject({});
  const contract = defineContract({
    groups: {
      g: {
        anyone: call({ input: empty, output: empty, roles: 'anyone' }),
        signedIn: call({ input: empty, output: empty, roles: 'signed-in' }),
        host: call({ input: empty, output: empty, roles: 'host' }),
        clerk: call({ input: empty, output: empty, roles: ['clerk'] }),
        nobody: call({ input: empty, output: empty, roles: [] }),
      },
    },
    events: {},
  });
  const verdict = (name: keyof typeof contract.groups.g, caller: Parameters<typeof authorise>[1]) => {
    try {
      authorise(contract.groups.g[name], caller);
      return 'yes';
    } catch (error) {
      return error instanceof StationError ? error.code : 'foreign';
    }
  };

  it.each([
    [
      'window',
      null,
      { anyone: 'yes', signedIn: 'SIGN_IN_NEEDED', host: 'ROLE_NOT_ALLOWED', clerk: 'SIGN_IN_NEEDED', nobody: 'SIGN_IN_NEEDED' },
    ],
    ['window', ['clerk'], { anyone: 'yes', signedIn: 'yes', host: 'ROLE_NOT_ALLOWED', clerk: 'yes', nobody: 'ROLE_NOT_ALLOWED' }],
    [
      'window',
      ['auditor', 'operator'],
      { anyone: 'yes', signedIn: 'yes', host: 'ROLE_NOT_ALLOWED', clerk: 'ROLE_NOT_ALLOWED', nobody: 'ROLE_NOT_ALLOWED' },
    ],
    ['window', [], { anyone: 'yes', signedIn: 'yes', host: 'ROLE_NOT_ALLOWED', clerk: 'ROLE_NOT_ALLOWED', nobody: 'ROLE_NOT_ALLOWED' }],
    ['host', null, { anyone: 'yes', signedIn: 'SIGN_IN_NEEDED', host: 'yes', clerk: 'SIGN_IN_NEEDED', nobody: 'SIGN_IN_NEEDED' }],
    ['host', ['clerk'], { anyone: 'yes', signedIn: 'yes', host: 'yes', clerk: 'yes', nobody: 'ROLE_NOT_ALLOWED' }],
  ] as const)('lets %s with roles %j make the calls meant for it', (from, roles, expected) => {
    const names = ['anyone', 'signedIn', 'host', 'clerk', 'nobody'] as const;
    expect(Object.fromEntries(names.map((name) => [name, verdict(name, { from, roles })]))).toEqual(expected);
  });
});

describe('listCalls', () => {
  it('walks every call of a contract with its roles and secrets', () => {
    const calls = listCalls(tokenContract);
    expect(calls.map(({ group, name }) => `${group}.${name}`)).toContain('token.sign');
    expect(calls.filter(({ call: { secret } }) => secret.length > 0).map(({ name }) => name)).toEqual(['login']);
    expect(calls.every(({ call: { roles } }) => roles === 'host')).toBe(true);
  });
});
