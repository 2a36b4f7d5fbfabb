// What the window asks of the shell (Electron main): dialogs, printing, the PIN window, processes. No business here.
import { z } from 'zod';
import { call, defineContract, event } from './define.ts';
import { Bytes, Profile, Uuid } from './values.ts';

const nothing = z.strictObject({});

export const ProcessView = z.strictObject({
  name: z.enum(['station', 'tokenHost']),
  state: z.enum(['stopped', 'starting', 'ready', 'stopping', 'crashed', 'backoff', 'givenUp']),
  restarts: z.number().int(),
  /** Milliseconds until the next start, in back-off. */
  retryInMs: z.number().nullable(),
});
export type ProcessView = z.infer<typeof ProcessView>;

export const Preferences = z.strictObject({ language: z.enum(['zh', 'en']), largePrint: z.boolean() });
export type Preferences = z.infer<typeof Preferences>;

export const Opened = z.strictObject({
  profile: Profile,
  /** An error code with its details, when the office could not be made ready. */
  problem: z.strictObject({ code: z.string(), details: z.record(z.string(), z.union([z.string(), z.number()])) }).nullable(),
});
export type Opened = z.infer<typeof Opened>;

export const shellContract = defineContract({
  groups: {
    shell: {
      processes: call({ input: nothing, output: z.array(ProcessView), roles: 'anyone', idempotent: true }),
      restart: call({ input: z.strictObject({ name: z.enum(['station', 'tokenHost']) }), output: nothing, roles: 'anyone' }),
      preferences: call({ input: nothing, output: Preferences, roles: 'anyone', idempotent: true }),
      setPreferences: call({ input: Preferences, output: Preferences, roles: 'anyone' }),
      /** Asks where to, writes temp + fsync + rename. Answers where it went, or null when the person cancelled. */
      saveFile: call({
        input: z.strictObject({ suggestedName: z.string().max(200), bytes: Bytes }),
        output: z.strictObject({ savedAs: z.string().nullable() }),
        errors: ['DISK_FULL', 'FILE_NOT_WRITTEN'],
        roles: 'anyone',
        timeoutMs: 600_000,
      }),
      /** Prints a PDF on a printer the person chooses. */
      print: call({
        input: z.strictObject({ title: z.string().max(200), bytes: Bytes }),
        output: z.strictObject({ printed: z.boolean() }),
        errors: ['PRINTER_MISSING'],
        roles: 'anyone',
        timeoutMs: 600_000,
      }),
      /** Opens the PIN window for this grant; settles when it is closed. The PIN itself never comes by here. */
      askPin: call({
        input: z.strictObject({
          grantId: Uuid,
          tokenLabel: z.string(),
          sealName: z.string(),
          count: z.number().int(),
          pinPad: z.boolean(),
        }),
        output: z.strictObject({ loggedIn: z.boolean() }),
        roles: 'anyone',
        timeoutMs: 600_000,
      }),
      /** Which life this window shows, and what kept it from beginning: known even when the station cannot start. */
      opened: call({ input: nothing, output: Opened, roles: 'anyone', idempotent: true }),
      /** From now on this computer opens that profile; ends the program in order and starts it again. Nothing is lost. */
      chooseProfile: call({
        input: z.strictObject({ profile: Profile }),
        output: nothing,
        errors: ['DISK_FULL', 'FILE_NOT_WRITTEN'],
        roles: 'anyone',
      }),
      quit: call({ input: nothing, output: nothing, roles: 'anyone' }),
    },
  },
  events: {
    processChanged: event(z.strictObject({ name: z.enum(['station', 'tokenHost']) })),
    /** A child came back: fetch everything again. */
    processRestarted: event(z.strictObject({ name: z.enum(['station', 'tokenHost']) })),
  },
});
export type ShellContract = typeof shellContract;
