// Can we issue today? Each condition a line with its state in a word, and a way to where it is mended.
import { CheckCircleOutlined, ExclamationCircleFilled, InfoCircleOutlined, WarningOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import type { TodayView } from '../../../electron/contract/work.ts';
import { type ScreenName, useNavigation } from '../../app/navigation.tsx';
import { useWords } from '../../station/language.tsx';

type CheckLine = TodayView['checks'][number];

const looks = {
  ok: { tone: 'good', icon: <CheckCircleOutlined /> },
  warn: { tone: 'warn', icon: <WarningOutlined /> },
  stop: { tone: 'warn', icon: <ExclamationCircleFilled /> },
  info: { tone: 'plain', icon: <InfoCircleOutlined /> },
} as const;

const mendedAt: Readonly<Record<CheckLine['id'], ScreenName>> = {
  profile: 'system',
  disk: 'system',
  clock: 'system',
  key: 'seals',
  certificate: 'seals',
  numbers: 'system',
  catalogue: 'system',
  backup: 'system',
  undelivered: 'sync',
};

export function Checks({ checks }: { readonly checks: readonly CheckLine[] }) {
  const { t, maybe } = useWords();
  const { go } = useNavigation();
  return (
    <ul>
      {checks.map(({ id, state, text, details }) => (
        <li className="check" key={id} data-testid={`check-${id}`} data-state={state}>
          <span className={`tone-${looks[state].tone}`} role="img" title={t(`checkState.${state}`)} aria-label={t(`checkState.${state}`)}>
            {looks[state].icon}
          </span>
          <span className="strong">{t(`checkName.${id}`)}</span>
          <span>
            {(state === 'warn' || state === 'stop') && <span className={`tone-${looks[state].tone}`}>{t(`checkState.${state}`)} · </span>}
            <span className="quiet">{maybe(text, details) ?? maybe(`check.${id}.${state}`, details) ?? ''}</span>
          </span>
          {state === 'warn' || state === 'stop' ? (
            <Button size="small" onClick={() => go(mendedAt[id])}>
              {t('today.mend')}
            </Button>
          ) : (
            <span />
          )}
        </li>
      ))}
    </ul>
  );
}
