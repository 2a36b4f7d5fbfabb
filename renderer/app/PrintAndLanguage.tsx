// The two switches every person may turn at any time: print size and language.
import { TranslationOutlined, ZoomInOutlined } from '@ant-design/icons';
import { useWords } from '../station/language.tsx';
import { usePreferences } from '../station/preferences.tsx';

export function PrintAndLanguage() {
  const { t } = useWords();
  const { preferences, prefer } = usePreferences();
  const { language, largePrint } = preferences;
  return (
    <>
      <button
        type="button"
        className="foot-button"
        aria-pressed={largePrint}
        onClick={() => prefer({ language, largePrint: !largePrint })}
        data-testid="large-print"
      >
        <ZoomInOutlined aria-hidden="true" /> {t('frame.largePrint')}
      </button>
      <button
        type="button"
        className="foot-button"
        onClick={() => prefer({ language: language === 'zh' ? 'en' : 'zh', largePrint })}
        data-testid="language"
      >
        <TranslationOutlined aria-hidden="true" /> {t('frame.otherLanguage')}
      </button>
    </>
  );
}
