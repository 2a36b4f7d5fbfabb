import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Allowed, Contract } from '../../../electron/contract/define.ts';
import { shellContract } from '../../../electron/contract/shell.contract.ts';
import { stationContract } from '../../../electron/contract/station.contract.ts';
import { isStationError } from '../../../electron/contract/station-error.ts';
import { Role } from '../../../electron/contract/values.ts';
import { authorise } from '../../../electron/rpc/authorise.ts';
import { connect } from '../../../electron/rpc/connect.ts';
import { listCalls } from '../../../electron/rpc/find-call.ts';
import type { Origin } from '../../../electron/rpc/frames.ts';
import { memoryPorts } from '../../../electron/rpc/ports/memory.ts';
import { serve } from '../../../electron/rpc/serve.ts';
import { realTimers } from '../../../electron/rpc/timers.ts';
import { aWorkspace, type Workspace } from '../../support/a-workspace.ts';

/** Whether a call got past the door: what it was refused with there, or `in`. */
const DOOR = new Set(['SIGN_IN_NEEDED', 'ROLE_NOT_ALLOWED']);

interface Visitor {
  readonly name: string;
  readonly roles: readonly Role[] | null;
  readonly from: Origin;
}
const visitors: readonly Visitor[] = [
  { name: 'nobody', roles: null, from: 'window' },
  { name: 'the host before sign-in', roles: null, from: 'host' },
  ...Role.options.map((role) => ({ name: role, roles: [role], from: 'window' as const })),
  { name: 'custodian and operator', roles: ['custodian', 'operator'], from: 'window' },
  { name: 'a clerk on the command line', roles: ['clerk'], from: 'host' },
];

function expected(allowed: Allowed, { roles, from }: Visitor): string {
  if (allowed === 'anyone') return 'in';
  if (allowed === 'host') return from === 'host' ? 'in' : 'ROLE_NOT_ALLOWED';
  if (roles === null) return 'SIGN_IN_NEEDED';
  if (allowed === 'signed-in') return 'in';
  return allowed.some((role) => roles.includes(role)) ? 'in' : 'ROLE_NOT_ALLOWED';
}

/** Handlers that say where they were reached, so that the door alone is looked at. */
function doorOf(contract: Contract, visitor: Visitor) {
  const reached: string[] = [];
  const [here, there] = memoryPorts();
  const handlers = Object.fromEntries(
    Object.entries(contract.groups).map(([group, calls]) => [
      group,
      Object.fromEntries(Object.keys(calls).map((name) => [name, () => void reached.push(`${group}.${name}`)])),
    ]),
  );
  serve(contract, handlers as never, there, {
    callerOf: (frame) => ({ from: frame.from, roles: visitor.roles }),
    authorise,
    log: () => undefined,
    newIncident: () => 'incident',
    nowMs: () => 0,
  }); // handlers of every call of the contract, made in a loop
  const connection = connect(contract, here, { timers: realTimers, deadlines: 'none' });
  const knock = async (group: string, name: string): Promise<string> => {
    try {
      await connection.call(group, name, { notAnArgument: true }, visitor.from);
      return 'in';
    } catch (error) {
      if (!isStationError(error)) throw error;
      // Past the door the argument is looked at, and this one never fits.
      return DOOR.has(error.code) ? error.code : 'in';
    }
  };
  return { knock, reached };
}

describe.each([
  ['station', stationContract],
  ['shell', shellContract],
] as const)('roles of the %s contract', (_name, contract) => {
  it.each(visitors)('let $name in exactly where they say', async (visitor) => {
    const { knock, reached } = doorOf(contract, visitor);
    for (const { group, name, call } of listCalls(contract))
      expect(await knock(group, name), `${group}.${name}`).toBe(expected(call.roles, visitor));
    expect(reached).toEqual([]);
  });
});

describe('roles of the station as it is served', () => {
  let w: Workspace;
  beforeAll(async () => {
    w = await aWorkspace();
  });
  afterAll(() => w.close());

  it.each([null, 'wangfang', 'liguohua', 'zhangmin', 'chenjing'])('holds for %s', async (id) => {
    const roles = w.setup.people.find((p) => p.id === id)?.roles ?? null;
    const client = (await w.sit(id)) as unknown as Record<string, Record<string, (arg: unknown) => Promise<unknown>>>; // walked by name
    for (const { group, name, call } of listCalls(stationContract)) {
      const answer = await client[group]?.[name]?.({ notAnArgument: true }).then(
        () => 'in',
        (error: unknown) => (isStationError(error) && DOOR.has(error.code) ? error.code : 'in'),
      );
      expect(answer, `${group}.${name}`).toBe(expected(call.roles, { name: '', roles, from: 'window' }));
    }
  });

  it('has a handler for every call', async () => {
    const { createHandlers } = await import('../../../electron/station/handlers.ts');
    const handlers = createHandlers(w.station) as unknown as Record<string, Record<string, unknown>>; // walked by name
    expect(
      Object.entries(handlers)
        .flatMap(([group, calls]) => Object.keys(calls).map((name) => `${group}.${name}`))
        .sort(),
    ).toEqual(
      listCalls(stationContract)
        .map(({ group, name }) => `${group}.${name}`)
        .sort(),
    );
  });

  it('gives an auditor no call that writes, and IT none that enters, approves or seals', () => {
    const open = (role: Role) =>
      listCalls(stationContract)
        .filter(
          ({ call }) =>
            !call.idempotent && expected(call.roles, { name: '', roles: [role], from: 'window' }) === 'in' && call.roles !== 'anyone',
        )
        .map(({ group, name }) => `${group}.${name}`);
    expect(open('auditor').sort()).toEqual(['licences.fileSaved']);
    for (const call of open('operator')) expect(call).toMatch(/^(delivery|jobs|session)\./);
  });
});
