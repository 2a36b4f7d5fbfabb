// Who is signed in and what they may do, for every screen below the frame.
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import type { OfficeView, PersonView, SessionView } from '../../electron/contract/people.ts';
import type { Role } from '../../electron/contract/values.ts';
import { windowContract } from './client.ts';
import type { CallName, GroupName } from './use-call.ts';

export interface Desk {
  readonly session: SessionView;
  readonly person: PersonView;
  readonly office: OfficeView | null;
  /** What the station would say to this person making this call: an action they may not do is absent. */
  may<G extends GroupName>(group: G, name: CallName<G>): boolean;
}

const DeskContext = createContext<Desk | null>(null);

export function DeskProvider({
  session,
  person,
  children,
}: {
  readonly session: SessionView;
  readonly person: PersonView;
  readonly children: ReactNode;
}) {
  const desk = useMemo<Desk>(
    () => ({ session, person, office: session.office, may: (group, name) => isAllowed(rolesOf(group, name), person.roles) }),
    [session, person],
  );
  return <DeskContext value={desk}>{children}</DeskContext>;
}

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (desk === null) throw new Error('outside DeskProvider');
  return desk;
}

/** Empty when anybody may. */
export function rolesOf<G extends GroupName>(group: G, name: CallName<G>): readonly Role[] {
  const groups: Readonly<Record<string, Readonly<Record<string, { readonly roles: 'anyone' | 'signed-in' | 'host' | readonly Role[] }>>>> =
    windowContract.groups;
  const roles = groups[group]?.[name]?.roles ?? [];
  return typeof roles === 'string' ? [] : roles;
}

function isAllowed(needed: readonly Role[], has: readonly Role[]): boolean {
  return needed.length === 0 || needed.some((role) => has.includes(role));
}
