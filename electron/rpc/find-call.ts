// Looks a call up by the names that came over the wire, and walks the whole table.
// Must not trust the names: only a contract's own fields count, never what an object inherits.
import type { Call, Contract } from '../contract/define.ts';

export function findCall(contract: Contract, group: string, name: string): Call | undefined {
  if (!Object.hasOwn(contract.groups, group)) return undefined;
  const calls = contract.groups[group];
  return calls !== undefined && Object.hasOwn(calls, name) ? calls[name] : undefined;
}

export interface NamedCall {
  readonly group: string;
  readonly name: string;
  readonly call: Call;
}

/** Every call of a contract in its written order, for tables and tests over roles, secrets and deadlines. */
export function listCalls(contract: Contract): readonly NamedCall[] {
  return Object.entries(contract.groups).flatMap(([group, calls]) => Object.entries(calls).map(([name, call]) => ({ group, name, call })));
}
