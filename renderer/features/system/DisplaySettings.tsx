// Language and print size, as in the foot of the window.
import { Segmented, Switch } from 'antd';
import { useWords } from '../../station/language.tsx';
import { usePreferences } from '../../station/preferences.tsx';
import { Panel } from '../../ui/Screen.tsx';

export function DisplaySettings() {
  const { t } = useWords();
  const { preferences, prefer } = usePreferences();
  return (
    <Panel title={t('system.part.display')}>
      <div className="panel-body column">
        <div className="row">
          <span style={{ width: 110 }}>{t('system.language')}</span>
          <Segmented
            value={preferences.language}
            onChange={(language) => prefer({ ...preferences, language })}
            options={[
              { value: 'zh' as const, label: t('system.languageZh') },
              { value: 'en' as const, label: t('system.languageEn') },
            ]}
          />
        </div>
        <div className="row">
          <span style={{ width: 110 }} id="large-print-label">
            {t('frame.largePrint')}
          </span>
          <Switch
            checked={preferences.largePrint}
            onChange={(largePrint) => prefer({ ...preferences, largePrint })}
            aria-labelledby="large-print-label"
          />
          <span className="quiet">{t('system.largePrintSays')}</span>
        </div>
      </div>
    </Panel>
  );
}
