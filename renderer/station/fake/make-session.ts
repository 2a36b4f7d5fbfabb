// Made-up people, office and provisioning package.
import type { LicenceType } from '../../../electron/contract/catalogue.ts';
import type { RulePack } from '../../../electron/contract/office.ts';
import type { OfficePackageView, PersonView, SessionView } from '../../../electron/contract/people.ts';
import { PersonId, type Profile } from '../../../electron/contract/values.ts';
import { hash, NOW, TODAY } from './make-licences.ts';
import { keys } from './make-work.ts';

const person = (id: string, name: string, roles: PersonView['roles'], headOfOffice = false): PersonView => ({
  id: PersonId.parse(id),
  name,
  roles,
  headOfOffice,
});
export const people: readonly PersonView[] = [
  person('wang', '王芳', ['clerk']),
  person('li', '李建国', ['reviewer'], true),
  person('zhao', '赵敏', ['custodian', 'operator']),
  person('sun', '孙德胜', ['auditor']),
];

const unit = { name: '马桥镇人民政府', nameEn: 'People’s Government of Maqiao Town' };

export const makeSession = (profile: Profile, hasOffice: boolean, signedIn: PersonView | null): SessionView => ({
  profile,
  office: hasOffice ? { stationId: 'MQ01', ...unit, closesAt: '17:30', issuers: [] } : null,
  person: signedIn,
  people: hasOffice ? [...people] : [],
  today: TODAY,
  now: NOW,
  demoClock: true,
  trainingHint: profile === 'training' ? { passphrase: 'banjie-xunlian', pin: '123456' } : null,
});

export const makePackage = (profile: Profile, hasOffice: boolean, types: readonly LicenceType[], rules: RulePack): OfficePackageView => ({
  fingerprint: hash(7),
  profile,
  sequence: 2,
  issuedAt: NOW,
  stationId: 'MQ01',
  unit,
  issuers: [unit],
  seals: keys().seals.map(({ name, custodian, validTo }) => ({ name, custodian, validTo })),
  people: [...people],
  library: { name: '襄阳市电子证照库', url: 'https://library.example' },
  types: types.map(({ name, nameEn, version }) => ({ name, nameEn, version, fits: true })),
  rulePack: { id: rules.id, version: rules.version, fits: true },
  inForce: hasOffice ? { sequence: 1, sameAuthority: true } : null,
});
