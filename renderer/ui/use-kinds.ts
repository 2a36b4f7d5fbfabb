// The kinds of a visible normalisation in words, e.g. 全角转半角、去空格.
import { useCallback } from 'react';
import type { Normalisation } from '../../electron/contract/intake.ts';
import { useWords } from '../station/language.tsx';

export function useKinds(): (kinds: Normalisation['kinds']) => string {
  const { t, language } = useWords();
  return useCallback((kinds) => kinds.map((kind) => t(`change.${kind}`)).join(language === 'zh' ? '、' : ', '), [t, language]);
}
