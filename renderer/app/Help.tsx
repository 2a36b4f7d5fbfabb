// F1: what this screen is for, and the keys.
import { Drawer } from 'antd';
import { useWords } from '../station/language.tsx';
import type { ScreenName } from './navigation.tsx';

const keys = ['tabs', 'search', 'main', 'lock', 'help', 'rows'] as const;
const shown: Readonly<Record<(typeof keys)[number], string>> = {
  tabs: 'Alt+1…9',
  search: 'Ctrl+K',
  main: 'Ctrl+Enter',
  lock: 'Ctrl+L',
  help: 'F1',
  rows: '↑ ↓ Enter',
};

export function Help({ screen, isOpen, onClose }: { readonly screen: ScreenName; readonly isOpen: boolean; readonly onClose: () => void }) {
  const { t } = useWords();
  return (
    <Drawer title={t('help.title', { screen: t(`tab.${screen}`) })} open={isOpen} onClose={onClose} size={400} destroyOnHidden>
      <div className="column" data-testid="help-text">
        {t(`help.${screen}`)
          .split('\n')
          .map((line) => (
            <p key={line}>{line}</p>
          ))}
        <h2>{t('help.keys')}</h2>
        <dl className="facts">
          {keys.map((key) => [
            <dt key={key} className="mono">
              {shown[key]}
            </dt>,
            <dd key={`${key}-says`}>{t(`help.key.${key}`)}</dd>,
          ])}
        </dl>
      </div>
    </Drawer>
  );
}
