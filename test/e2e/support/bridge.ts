// The page's own bridge, spoken to directly: what a hostile page could send, and the station's calls for arranging a test.
import type { Page } from 'playwright-core';
import { type ClientOf, defineContract } from '../../../electron/contract/define.ts';
import { shellContract } from '../../../electron/contract/shell.contract.ts';
import { stationContract } from '../../../electron/contract/station.contract.ts';
import { clientOf } from '../../../electron/rpc/client-of.ts';

const windowContract = defineContract({
  groups: { ...stationContract.groups, ...shellContract.groups },
  events: { ...stationContract.events, ...shellContract.events },
});
export type WindowCalls = ClientOf<typeof windowContract>;

interface Answer {
  readonly ok: boolean;
  readonly value?: unknown;
  readonly error?: { readonly code: string; readonly message: string };
}

/** Far from the numbers the page's own client counts. */
let lastId = 1_000_000;

/** One raw frame out, its answer in. */
export function send(page: Page, group: string, name: string, arg: unknown, extra: Record<string, unknown> = {}): Promise<Answer> {
  lastId += 1;
  return page.evaluate(
    (frame) =>
      new Promise<Answer>((resolve) => {
        // The bridge as the preload exposes it; one listener serves every frame of a test.
        const world = globalThis as unknown as {
          station: { call(f: unknown): void; onFrame(l: (f: unknown) => void): void };
          waiting?: Map<unknown, (answer: Answer) => void>;
        };
        if (world.waiting === undefined) {
          const waiting = new Map<unknown, (answer: Answer) => void>();
          world.waiting = waiting;
          world.station.onFrame((answer) => {
            if (typeof answer !== 'object' || answer === null || !('id' in answer)) return;
            // A reply frame, checked by its id alone.
            waiting.get(answer.id)?.(answer as unknown as Answer);
            waiting.delete(answer.id);
          });
        }
        world.waiting.set(frame.id, resolve);
        world.station.call(frame);
      }),
    { v: 1, id: lastId, group, name, arg, ...extra },
  );
}

/** The calls of station and shell as the window makes them; an error is thrown with its code as message. */
export const callsOf = (page: Page): WindowCalls =>
  clientOf(windowContract, async (group, name, arg) => {
    const answer = await send(page, group, name, arg);
    if (!answer.ok) throw new Error(answer.error?.code ?? 'no code');
    return answer.value;
  });
