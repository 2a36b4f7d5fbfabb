// Header, tabs and foot around the screens, and the keys that work everywhere.
import {
  AuditOutlined,
  CloudSyncOutlined,
  FileDoneOutlined,
  HomeOutlined,
  ImportOutlined,
  KeyOutlined,
  LockOutlined,
  QuestionCircleOutlined,
  SafetyCertificateOutlined,
  SettingOutlined,
  VerifiedOutlined,
} from '@ant-design/icons';
import { type ComponentType, type KeyboardEvent, type ReactNode, useEffect, useState } from 'react';
import { IntakeScreen } from '../features/intake/IntakeScreen.tsx';
import { LicencesScreen } from '../features/licences/LicencesScreen.tsx';
import { ReviewScreen } from '../features/review/ReviewScreen.tsx';
import { SealingScreen } from '../features/sealing/SealingScreen.tsx';
import { SealsScreen } from '../features/seals/SealsScreen.tsx';
import { SyncScreen } from '../features/sync/SyncScreen.tsx';
import { SystemScreen } from '../features/system/SystemScreen.tsx';
import { TodayScreen } from '../features/today/TodayScreen.tsx';
import { VerifyScreen } from '../features/verify/VerifyScreen.tsx';
import { useWords } from '../station/language.tsx';
import { useClient } from '../station/StationProvider.tsx';
import { useDesk } from '../station/session.tsx';
import { useAct } from '../station/use-act.ts';
import { useCall } from '../station/use-call.ts';
import { pressMainAction } from '../ui/MainAction.tsx';
import { Problem } from '../ui/Problem.tsx';
import { FrameHead } from './FrameHead.tsx';
import { Help } from './Help.tsx';
import { JobsAtFoot } from './JobsAtFoot.tsx';
import { type ScreenName, screens, useNavigation } from './navigation.tsx';
import { PrintAndLanguage } from './PrintAndLanguage.tsx';
import { ProcessBanner } from './ProcessBanner.tsx';

const tabs: Readonly<Record<ScreenName, { readonly icon: ReactNode; readonly screen: ComponentType }>> = {
  today: { icon: <HomeOutlined />, screen: TodayScreen },
  intake: { icon: <ImportOutlined />, screen: IntakeScreen },
  review: { icon: <AuditOutlined />, screen: ReviewScreen },
  sealing: { icon: <SafetyCertificateOutlined />, screen: SealingScreen },
  licences: { icon: <FileDoneOutlined />, screen: LicencesScreen },
  verify: { icon: <VerifiedOutlined />, screen: VerifyScreen },
  sync: { icon: <CloudSyncOutlined />, screen: SyncScreen },
  seals: { icon: <KeyOutlined />, screen: SealsScreen },
  system: { icon: <SettingOutlined />, screen: SystemScreen },
};

export function Frame({ onSession }: { readonly onSession: () => void }) {
  const { t } = useWords();
  const client = useClient();
  const { session, person } = useDesk();
  const { screen, go } = useNavigation();
  const [isHelpOpen, setHelpOpen] = useState(false);
  const lock = useAct();
  const delivery = useCall('delivery', 'state', {});
  const Current = tabs[screen].screen;
  const undelivered = delivery.data === undefined ? 0 : delivery.data.counts.refused + delivery.data.counts.quarantined;

  const lockNow = () =>
    void lock.run(async () => {
      await client.session.signOut({});
      onSession();
    });

  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
      if (event.altKey && !event.ctrlKey && digit !== undefined) {
        const target = screens[Number(digit) - 1];
        if (target === undefined) return;
        event.preventDefault();
        go(target);
      } else if (event.ctrlKey && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        go('licences', { search: true });
      } else if (event.ctrlKey && event.key === 'Enter') {
        event.preventDefault();
        pressMainAction();
      } else if (event.ctrlKey && event.key.toLowerCase() === 'l') {
        event.preventDefault();
        lockNow();
      } else if (event.key === 'F1') {
        event.preventDefault();
        setHelpOpen((isOpen) => !isOpen);
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });

  const onTabKey = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = screens[(screens.indexOf(screen) + step + screens.length) % screens.length];
    if (next === undefined) return;
    go(next);
    document.querySelector<HTMLElement>(`[data-testid="tab-${next}"]`)?.focus();
  };

  return (
    <div className={`frame ${session.profile}`}>
      <FrameHead delivery={delivery.data} />
      <div className="frame-tabs" role="tablist" aria-orientation="vertical" aria-label={t('frame.tabs')}>
        {screens.map((name, index) => (
          <button
            type="button"
            key={name}
            role="tab"
            id={`tab-${name}`}
            className="frame-tab"
            aria-selected={name === screen}
            aria-controls="screen"
            tabIndex={name === screen ? 0 : -1}
            aria-keyshortcuts={`Alt+${index + 1}`}
            title={`Alt+${index + 1}`}
            onClick={() => go(name)}
            onKeyDown={onTabKey}
            data-testid={`tab-${name}`}
          >
            <span aria-hidden="true">{tabs[name].icon}</span>
            {t(`tab.${name}`)}
            {name === 'sync' && undelivered > 0 ? (
              <span className="frame-tab-count" title={t('sync.needsPerson')}>
                {undelivered > 99 ? '99+' : undelivered}
              </span>
            ) : (
              <span className="frame-tab-key" aria-hidden="true">
                {index + 1}
              </span>
            )}
          </button>
        ))}
      </div>
      <main className="frame-main" id="screen" role="tabpanel" aria-labelledby={`tab-${screen}`}>
        <ProcessBanner />
        <Problem error={lock.problem} onClose={lock.clear} />
        <Current key={screen} />
      </main>
      <footer className="frame-foot">
        <JobsAtFoot />
        <span className="foot-person" data-testid="person">
          {person.name} · {person.roles.map((role) => t(`role.${role}`)).join(' / ')}
          {person.headOfOffice && ` · ${t('role.head')}`}
        </span>
        <button type="button" className="foot-button" onClick={lockNow} title="Ctrl+L" aria-keyshortcuts="Control+L" data-testid="lock">
          <LockOutlined aria-hidden="true" /> {t('frame.lock')}
        </button>
        <PrintAndLanguage />
        <button
          type="button"
          className="foot-button"
          onClick={() => setHelpOpen(true)}
          title="F1"
          aria-keyshortcuts="F1"
          data-testid="help"
        >
          <QuestionCircleOutlined aria-hidden="true" /> {t('frame.help')}
        </button>
      </footer>
      <Help screen={screen} isOpen={isHelpOpen} onClose={() => setHelpOpen(false)} />
    </div>
  );
}
