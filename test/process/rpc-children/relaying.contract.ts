// What the tests ask of the relaying child: to call the token host through its host program.
import { z } from 'zod';
import { call, defineContract } from '../../../electron/contract/define.ts';

export const relayingContract = defineContract({
  groups: {
    ask: {
      /** Makes the named call of the token contract; a failure is the value `code`. */
      token: call({
        input: z.strictObject({ name: z.string(), arg: z.unknown() }),
        output: z.strictObject({ value: z.unknown().optional(), code: z.string().optional() }),
        roles: 'host',
        timeoutMs: 20_000,
      }),
      events: call({ input: z.strictObject({}), output: z.array(z.string()), roles: 'host' }),
    },
  },
  events: {},
});
