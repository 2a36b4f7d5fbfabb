// The licence types and rules in force, and names for their data items.
import { useCallback } from 'react';
import type { LicenceType } from '../../electron/contract/catalogue.ts';
import type { RulePack } from '../../electron/contract/office.ts';
import type { Labels } from './describe-error.ts';
import { useWords } from './language.tsx';
import { useCall } from './use-call.ts';

export interface Catalogue {
  readonly types: readonly LicenceType[];
  readonly rules: RulePack | undefined;
  readonly typeOf: (typeId: string | null) => LicenceType | undefined;
  readonly typeName: (typeId: string | null) => string;
  /** Names of the items of one type, of the matter columns too. */
  readonly labelsOf: (typeId: string | null) => Labels;
}

const none: readonly LicenceType[] = [];

export function useCatalogue(): Catalogue {
  const { name } = useWords();
  const types = useCall('catalogue', 'types', {}).data ?? none;
  const rules = useCall('catalogue', 'rules', {}).data;
  const typeOf = useCallback((typeId: string | null) => types.find((type) => type.id === typeId), [types]);
  const typeName = useCallback(
    (typeId: string | null) => {
      const type = typeOf(typeId);
      return type === undefined ? (typeId ?? '') : name(type.name, type.nameEn);
    },
    [typeOf, name],
  );
  const labelsOf = useCallback(
    (typeId: string | null): Labels => {
      const type = typeOf(typeId);
      return (key) => {
        if (type === undefined) return undefined;
        if (key === 'matterNumber') return name(type.matter.number.name, type.matter.number.nameEn);
        if (key === 'conclusionDay') return name(type.matter.conclusionDay.name, type.matter.conclusionDay.nameEn);
        const item = type.items.find((candidate) => candidate.key === key);
        return item === undefined ? undefined : name(item.name, item.nameEn);
      };
    },
    [typeOf, name],
  );
  return { types, rules, typeOf, typeName, labelsOf };
}
