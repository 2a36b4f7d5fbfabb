// Why a package cannot be taken here, as far as it can be seen before asking. The station decides; this only spares a try.
import type { OfficePackageView } from '../../../electron/contract/people.ts';
import type { Profile } from '../../../electron/contract/values.ts';

export type Misfit = 'profile' | 'authority' | 'sequence' | 'catalogue' | 'rulePack';

export function misfitsOf(says: OfficePackageView, profile: Profile): readonly Misfit[] {
  const found: readonly (readonly [Misfit, boolean])[] = [
    ['profile', says.profile !== profile],
    ['authority', says.inForce?.sameAuthority === false],
    ['sequence', says.inForce !== null && says.sequence <= says.inForce.sequence],
    ['catalogue', says.types.some(({ fits }) => !fits)],
    ['rulePack', !says.rulePack.fits],
  ];
  return found.flatMap(([misfit, holds]) => (holds ? [misfit] : []));
}
