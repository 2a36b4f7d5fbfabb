import { describe, expect, it } from 'vitest';
import type { OfficePackageView } from '../../../electron/contract/people.ts';
import { misfitsOf } from '../../../renderer/features/office/misfits-of.ts';

const fitting: OfficePackageView = {
  fingerprint: '0'.repeat(64),
  profile: 'production',
  sequence: 2,
  issuedAt: '2026-11-30T07:00:00.000Z',
  stationId: 'MQ01',
  unit: { name: '马桥镇人民政府', nameEn: 'Maqiao' },
  issuers: [],
  seals: [],
  people: [],
  library: { name: '', url: 'https://library.example' },
  types: [{ name: '采伐', nameEn: 'Felling', version: '2026.1', fits: true }],
  rulePack: { id: 'hubei', version: '2026.1', fits: true },
  inForce: null,
};

describe('misfitsOf', () => {
  it('finds nothing against the first package of the same profile', () => {
    expect(misfitsOf(fitting, 'production')).toEqual([]);
  });

  it.each<[string, Partial<OfficePackageView>]>([
    ['profile', { profile: 'acceptance' }],
    ['authority', { inForce: { sequence: 1, sameAuthority: false } }],
    ['sequence', { inForce: { sequence: 2, sameAuthority: true } }],
    ['catalogue', { types: [...fitting.types, { name: '规划', nameEn: 'Planning', version: '2026.2', fits: false }] }],
    ['rulePack', { rulePack: { ...fitting.rulePack, fits: false } }],
  ])('finds what is wrong with the %s, and nothing else', (misfit, change) => {
    expect(misfitsOf({ ...fitting, ...change }, 'production')).toEqual([misfit]);
  });
});
