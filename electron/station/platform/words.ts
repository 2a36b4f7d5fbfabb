// Texts for people where the station itself must write them (returned sheets, slips): the same locale files as the window.
// Must not be asked for anything a screen can say itself.
import { readFileSync } from 'node:fs';
import path from 'node:path';

export type Language = 'zh' | 'en';
export type Words = (key: string, details?: Readonly<Record<string, string | number>>) => string;

/** Reads the window's texts and the station's own once. A missing key is a bug of ours and comes out as the key itself. */
export function loadWords(resourcesDir: string, language: Language): Words {
  const texts = new Map<string, string>();
  const collect = (value: unknown, prefix: string): void => {
    if (typeof value === 'string') texts.set(prefix, value);
    else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) collect(inner, prefix === '' ? key : `${prefix}.${key}`);
  };
  for (const file of [`${language}.json`, `station.${language}.json`])
    collect(JSON.parse(readFileSync(path.join(resourcesDir, 'locales', file), 'utf8')), '');
  return (key, details = {}) => (texts.get(key) ?? key).replace(/\{(\w+)\}/g, (whole, name: string) => String(details[name] ?? whole));
}
