// What this station is set up as: issuers, people, seals and bindings of the provisioning package in force, by id.
// Must not read files or the store.

import type { Issuer, OfficeSetup, PersonEntry, SealEntry } from '../../contract/office.ts';
import { StationError } from '../../contract/station-error.ts';

export interface Office {
  readonly setup: OfficeSetup;
  person(id: string): PersonEntry | undefined;
  /** The person's name, or the id of somebody no longer in the package. */
  personName(id: string | null): string;
  issuer(id: string): Issuer;
  seal(id: string): SealEntry;
  /** The issuer and seal a licence type is bound to: no other can be chosen. Throws TYPE_NOT_IN_CATALOGUE. */
  bindingOf(typeId: string): { readonly issuer: Issuer; readonly seal: SealEntry };
  typesOfSeal(sealId: string): readonly string[];
}

export function officeOf(setup: OfficeSetup): Office {
  const people = new Map<string, PersonEntry>(setup.people.map((p) => [p.id, p]));
  const issuers = new Map<string, Issuer>(setup.issuers.map((i) => [i.id, i]));
  const seals = new Map<string, SealEntry>(setup.seals.map((s) => [s.id, s]));
  const issuer = (id: string): Issuer => {
    const found = issuers.get(id);
    if (found === undefined) throw new StationError('PACKAGE_INVALID', { problem: `issuer ${id}` });
    return found;
  };
  const seal = (id: string): SealEntry => {
    const found = seals.get(id);
    if (found === undefined) throw new StationError('PACKAGE_INVALID', { problem: `seal ${id}` });
    return found;
  };
  return {
    setup,
    person: (id) => people.get(id),
    personName: (id) => (id === null ? '' : (people.get(id)?.name ?? id)),
    issuer,
    seal,
    bindingOf(typeId) {
      const binding = setup.bindings.find((b) => b.typeId === typeId);
      if (binding === undefined) throw new StationError('TYPE_NOT_IN_CATALOGUE', { type: typeId });
      return { issuer: issuer(binding.issuerId), seal: seal(binding.sealId) };
    },
    typesOfSeal: (sealId) => setup.bindings.filter((b) => b.sealId === sealId).map((b) => b.typeId),
  };
}
