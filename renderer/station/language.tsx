// Words of the window: typed keys over the two locale files, switchable at run time.
// Must not hold any words itself.
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import en from '../../resources/locales/en.json';
import zh from '../../resources/locales/zh.json';

export type Language = 'zh' | 'en';
export type TextKey = keyof typeof zh;
export type TextParams = Readonly<Record<string, string | number>>;

const texts: Readonly<Record<Language, Readonly<Record<string, string>>>> = { zh, en };

export interface Words {
  readonly language: Language;
  t(key: TextKey, params?: TextParams): string;
  /** For keys that come as data (codes, kinds): undefined when there are no words for it. */
  maybe(key: string, params?: TextParams): string | undefined;
  /** Thousands separators, tabular. */
  count(value: number): string;
  /** Of two names, the one in the language of the window. */
  name(zhName: string, enName: string): string;
}

export function wordsOf(language: Language): Words {
  const find = (key: string) => texts[language][key];
  const number = new Intl.NumberFormat('en-US');
  return {
    language,
    t: (key, params) => fill(find(key) ?? key, params),
    maybe: (key, params) => {
      const text = find(key);
      return text === undefined ? undefined : fill(text, params);
    },
    count: (value) => number.format(value),
    name: (zhName, enName) => (language === 'zh' ? zhName : enName),
  };
}

/** A detail that was not sent is shown as a dash, never as its bare name. */
function fill(text: string, params: TextParams = {}): string {
  return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? '—'));
}

const WordsContext = createContext<Words>(wordsOf('zh'));

export function LanguageProvider({ language, children }: { readonly language: Language; readonly children: ReactNode }) {
  const words = useMemo(() => wordsOf(language), [language]);
  return <WordsContext value={words}>{children}</WordsContext>;
}

export const useWords = (): Words => useContext(WordsContext);
