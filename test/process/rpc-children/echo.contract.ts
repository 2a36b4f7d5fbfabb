// A small contract for the tests of calls and processes: one call for each thing that can go right or wrong.
import { z } from 'zod';
import { call, defineContract, event } from '../../../electron/contract/define.ts';
import { Bytes } from '../../../electron/contract/values.ts';

export const EchoConfig = z.strictObject({
  /** Which life this is, counted by the test from 1. */
  life: z.int(),
  refuseToStart: z.enum(['STORE_FROM_FUTURE', 'not a StationError']).optional(),
  ignoreSigterm: z.boolean().default(false),
  crashInLives: z.array(z.int()).default([]),
});

const empty = z.strictObject({});

export const echoContract = defineContract({
  groups: {
    echo: {
      say: call({
        input: z.strictObject({ text: z.string().max(1000), bytes: Bytes.optional() }),
        output: z.strictObject({ text: z.string(), bytes: Bytes.optional(), life: z.int() }),
        roles: 'host',
        idempotent: true,
        timeoutMs: 2_000,
      }),
      /** Dies by a signal of its own in the lives the config names, answers in all others. */
      frail: call({ input: empty, output: z.strictObject({ life: z.int() }), roles: 'host', idempotent: true }),
      segfault: call({ input: empty, output: empty, roles: 'host' }),
      exit: call({ input: z.strictObject({ code: z.int() }), output: empty, roles: 'host' }),
      /** Blocks the event loop for ever. */
      hang: call({ input: empty, output: empty, roles: 'host', timeoutMs: 400 }),
      /** Answers after so many milliseconds. */
      slow: call({ input: z.strictObject({ ms: z.int() }), output: empty, roles: 'host', timeoutMs: 500 }),
      fail: call({ input: z.strictObject({ how: z.string() }), output: empty, roles: 'host', errors: ['PIN_INCORRECT'] }),
      unlock: call({ input: z.strictObject({ pin: Bytes, note: z.string() }), output: empty, roles: 'host', secret: ['pin'] }),
      wrongOutput: call({ input: empty, output: z.strictObject({ count: z.number() }), roles: 'host' }),
      unsendable: call({
        input: z.strictObject({ what: z.enum(['a function', 'a date', 'detached bytes']) }),
        output: z.strictObject({ thing: z.unknown() }),
        roles: 'host',
      }),
      forClerks: call({ input: empty, output: empty, roles: ['clerk', 'reviewer'] }),
      forAnyone: call({ input: empty, output: empty, roles: 'anyone' }),
      environment: call({ input: empty, output: z.strictObject({ names: z.array(z.string()) }), roles: 'host' }),
      notify: call({ input: z.strictObject({ revision: z.int() }), output: empty, roles: 'host' }),
    },
  },
  events: { changed: event(z.strictObject({ revision: z.int() })) },
});
export type EchoContract = typeof echoContract;
