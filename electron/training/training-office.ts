// The invented office of training and acceptance, as data: issuers, people, public passphrases and PINs.
// Everything secret-looking here is public on purpose; production must never be set up from it.
import type { SignatureAlgorithm } from '../contract/token.contract.ts';
import type { Role } from '../contract/values.ts';

export interface IssuerPlan {
  readonly id: string;
  readonly name: string;
  readonly nameEn: string;
  readonly code: string;
  /** The licence type this issuer issues here. */
  readonly typeId: string;
  /** Both algorithms are lived in: two issuers each. */
  readonly algorithm: SignatureAlgorithm;
}

export const REGION_CODE = '420626';

export const issuerPlans: readonly IssuerPlan[] = [
  {
    id: 'maqiao',
    name: '马桥镇人民政府',
    nameEn: "Maqiao Town People's Government",
    code: '1142062601160001X6',
    typeId: 'zhaijidi',
    algorithm: 'RSA-SHA256',
  },
  {
    id: 'natural-resources',
    name: '保康县自然资源和规划局',
    nameEn: 'Baokang County Bureau of Natural Resources and Planning',
    code: '11420626MB0QL0121C',
    typeId: 'guihua',
    algorithm: 'ECDSA-P256-SHA256',
  },
  {
    id: 'forestry',
    name: '保康县林业局',
    nameEn: 'Baokang County Forestry Bureau',
    code: '11420626011600132A',
    typeId: 'caifa',
    algorithm: 'RSA-SHA256',
  },
  {
    id: 'market-regulation',
    name: '保康县市场监督管理局',
    nameEn: 'Baokang County Administration for Market Regulation',
    code: '11420626MB0QL01484',
    typeId: 'xiaozuofang',
    algorithm: 'ECDSA-P256-SHA256',
  },
];

export interface PersonPlan {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly headOfOffice: boolean;
}

export const CUSTODIAN_ID = 'zhangmin';

export const personPlans: readonly PersonPlan[] = [
  { id: 'wangfang', name: '王芳', roles: ['clerk'], headOfOffice: false },
  { id: 'liguohua', name: '李国华', roles: ['reviewer'], headOfOffice: true },
  { id: CUSTODIAN_ID, name: '张敏', roles: ['custodian', 'operator'], headOfOffice: false },
  { id: 'chenjing', name: '陈静', roles: ['auditor'], headOfOffice: false },
];

export type MadeProfile = 'training' | 'acceptance';

interface ProfilePlan {
  readonly stationId: string;
  /** Name of the root, so that nobody can take one for a real authority. */
  readonly rootName: string;
  readonly rootOrganization: string;
  readonly libraryName: string;
  readonly tokenLabel: string;
  readonly passphrase: string;
  readonly pin: string;
  /** First and last digit group of the seal codes: never those of a registered seal. */
  readonly sealCodePrefix: string;
  /** Which half of the serial numbers: the two profiles can never give the same one. */
  readonly block: 'low' | 'high';
}

export const profilePlans: Readonly<Record<MadeProfile, ProfilePlan>> = {
  training: {
    stationId: 'YL01',
    rootName: '办结演练根 Banjie TRAINING Root',
    rootOrganization: '演练专用 TRAINING ONLY',
    libraryName: '演练电子证照库 Training library',
    tokenLabel: 'TRAINING',
    passphrase: 'banjie',
    pin: '123456',
    sealCodePrefix: '42062699',
    block: 'high',
  },
  acceptance: {
    stationId: 'YS01',
    rootName: '办结验收根 Banjie ACCEPTANCE Root',
    rootOrganization: '验收专用 ACCEPTANCE ONLY',
    libraryName: '验收电子证照库 Acceptance library',
    tokenLabel: 'ACCEPTANCE',
    passphrase: 'banjie-acceptance',
    pin: '24681357',
    sealCodePrefix: '42062698',
    block: 'low',
  },
};

/** Security officer's PIN of the acceptance tokens. */
export const ACCEPTANCE_SO_PIN = '87654321';
