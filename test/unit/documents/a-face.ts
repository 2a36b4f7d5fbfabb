// Faces for tests of documents: one full, realistic face of each sample type, changed as a test needs.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { LicenceType } from '../../../electron/contract/catalogue.ts';
import type { FaceInput } from '../../../electron/station/documents/face.ts';

export const RESOURCES = path.resolve(import.meta.dirname, '../../../resources');
export const FONTS = { fontsDir: path.join(RESOURCES, 'fonts'), templatesDir: path.join(RESOURCES, 'templates') };
export const TYPE_IDS = ['zhaijidi', 'guihua', 'caifa', 'xiaozuofang'] as const;
export type TypeId = (typeof TYPE_IDS)[number];

/** Names hold CJK Extensions A (㛃 䲜), B (𠮷), E (𬭎) and a middle dot. */
const VALUES = {
  zhaijidi: {
    householderName: '买买提·㛃䲜',
    householderCode: '420626198305238214',
    plotArea: '130.20',
    buildingArea: '83.00',
    landOwner: '马桥镇九路寨村村民委员会',
    landUse: '住宅',
    location: '湖北省襄阳市保康县马桥镇九路寨村2组98号',
    east: '公路',
    south: '林地',
    west: '堰塘',
    north: '茶园',
    validFrom: '2026-11-30',
    validTo: '2028-11-30',
    remarks: '',
  },
  guihua: {
    builderName: '龙坪镇笔架村股份经济合作社',
    builderCode: 'N2420626MAU61J8U0P',
    projectName: '农产品冷藏库',
    projectLocation: '保康县龙坪镇笔架村2组',
    projectScale: '1322',
    attachments: '总平面图、建筑设计方案',
  },
  caifa: {
    fellerName: '钟芳𬭎𠮷',
    fellerCode: '42062619540520216X',
    forestRight: '保林证字(2011)第096023号',
    site: '城关镇洪家院村',
    compartment: '21',
    subcompartment: '3',
    forestKind: '经济林',
    treeSpecies: '马尾松',
    ownership: '个人',
    origin: '天然',
    fellingKind: '抚育采伐',
    fellingMethod: '皆伐',
    intensity: '100',
    fellingArea: '2.84',
    treeCount: '1161',
    volume: '71.0',
    validFrom: '2026-11-30',
    validTo: '2027-03-31',
    renewalDeadline: '2027-12-31',
  },
  xiaozuofang: {
    workshopName: '保康县黄堡镇熊平酒坊',
    workshopCode: '92420626MAYXP0TN85',
    ownerName: '熊平',
    ownerCode: '420626200009237276',
    address: '湖北省襄阳市保康县黄堡镇西坪村5组',
    foodCategory: '豆制品',
    foodVariety: '红薯粉条',
    validTo: '2029-11-30',
  },
} as const satisfies Record<TypeId, Readonly<Record<string, string>>>;

const OFFICE = {
  zhaijidi: { name: '马桥镇人民政府', number: '农宅字第4206262026000001号', ring: '保康县马桥镇人民政府', mm: 42 },
  guihua: { name: '保康县自然资源和规划局', number: '乡字第420626202600001号', ring: '保康县自然资源和规划局', mm: 45 },
  caifa: { name: '保康县林业局', number: '采伐证第4206262026000001号', ring: '保康县林业局', mm: 45 },
  xiaozuofang: { name: '保康县市场监督管理局', number: '鄂襄食坊420626202600001', ring: '保康县市场监督管理局', mm: 45 },
} as const;

export function aFace(id: TypeId, change: Partial<FaceInput> & { readonly set?: Readonly<Record<string, string>> } = {}): FaceInput {
  const { set, ...face } = change;
  const type = LicenceType.parse(JSON.parse(readFileSync(path.join(RESOURCES, 'catalogue/types', `${id}.json`), 'utf8')));
  const office = OFFICE[id];
  return {
    type,
    values: { ...VALUES[id], ...set },
    licenceNumber: office.number,
    identifier: `1.2.156.3005.2.${type.code}.114206260114501234.MQ012026000001.001.X`,
    issuer: { name: office.name, code: '114206260114501234' },
    conclusionDay: '2026-11-30',
    seal: { name: office.ring, image: { format: 'round', diameterMm: office.mm, ringText: office.ring, centre: 'star', lowerText: '' } },
    training: false,
    ...face,
  };
}
