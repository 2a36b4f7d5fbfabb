// Invented people for big workspaces and registers: the same index gives the same person, with the names and codes that make
// searching and rendering hard (two-character names, compound surnames, characters outside the basic plane).
import { citizenIdOf } from './citizen-id.ts';

export interface MadePerson {
  readonly name: string;
  readonly code: string;
}

const SURNAMES = [
  ...'王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤',
  '欧阳',
  '司马',
  '上官',
  '诸葛',
];
const GIVEN = [
  ...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红玲辉建文云莲真环雪荣爱妹香月莺媛瑞凡佳嘉琼勤珍贞莉兰凤洁梅琳素海山仁波宁贵福生龙元全国胜学祥才发武新利清飞彬富顺信子兴良诚庭栋材林森柏松樟楠',
];
/** Rare but drawable: a village has one or two such names. */
const RARE = [...'龘翀喆珺玥昇堃犇燚𠅤㛃䶮'];

/** A cheap hash that spreads consecutive numbers (Murmur3's finisher). */
function spread(value: number): number {
  let h = (value + 0x9e3779b9) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

const pick = <T>(from: readonly T[], number: number, otherwise: T): T => from[number % from.length] ?? otherwise;

export function personOf(index: number): MadePerson {
  const a = spread(index);
  const b = spread(a ^ index);
  // Squared: a few surnames are very common, as they are.
  const surname = pick(SURNAMES, Math.floor(((a % 1_000) / 1_000) ** 2 * SURNAMES.length), '王');
  const first = b % 300 === 0 ? pick(RARE, b >>> 9, '翀') : pick(GIVEN, b, '芳');
  // A third of all given names has one character.
  const second = b % 3 === 0 ? '' : pick(GIVEN, b >>> 12, '明');
  const day = 1 + (a % 28);
  const month = 1 + ((a >>> 5) % 12);
  const year = 1945 + ((a >>> 9) % 60);
  return { name: `${surname}${first}${second}`, code: citizenIdOf(420_626, year, month, day, 1 + (index % 998)) };
}
