// Builds the typed client of a contract over one untyped call function.
// Must not know how a call travels.
import type { ClientOf, Contract } from '../contract/define.ts';
import { listCalls } from './find-call.ts';

export type MakeCall = (group: string, name: string, arg: unknown) => Promise<unknown>;

export function clientOf<C extends Contract>(contract: C, makeCall: MakeCall): ClientOf<C> {
  const client: Record<string, Record<string, (arg: unknown) => Promise<unknown>>> = {};
  for (const { group, name } of listCalls(contract)) {
    client[group] ??= {};
    client[group][name] = (arg) => makeCall(group, name, arg);
  }
  // The loop follows the contract that the type is derived from; TypeScript cannot follow the loop.
  return client as ClientOf<C>;
}
