// The whole window: language and print size, then who sits here, then the frame.
import { Button } from 'antd';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Preferences } from '../../electron/contract/shell.contract.ts';
import { ChangeProfile } from '../features/office/ChangeProfile.tsx';
import { FirstRun } from '../features/office/FirstRun.tsx';
import { LanguageProvider, useWords } from '../station/language.tsx';
import { atFirst, PreferencesContext } from '../station/preferences.tsx';
import { useClient, useForgetKept } from '../station/StationProvider.tsx';
import { DeskProvider } from '../station/session.tsx';
import { useAct } from '../station/use-act.ts';
import { useCall } from '../station/use-call.ts';
import { NoticeProvider } from '../ui/Notices.tsx';
import { Problem } from '../ui/Problem.tsx';
import { Frame } from './Frame.tsx';
import { Look } from './Look.tsx';
import { NavigationProvider } from './navigation.tsx';
import { ProcessBanner } from './ProcessBanner.tsx';
import { SignIn } from './SignIn.tsx';

export function App() {
  const client = useClient();
  const act = useAct();
  const kept = useCall('shell', 'preferences', {});
  const [chosen, setChosen] = useState<Preferences | undefined>(undefined);
  const preferences = chosen ?? kept.data ?? atFirst;
  const { language, largePrint } = preferences;

  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    document.documentElement.classList.toggle('large-print', largePrint);
  }, [language, largePrint]);

  const prefer = useCallback(
    (next: Preferences) => {
      setChosen(next);
      void act.run(() => client.shell.setPreferences(next));
    },
    [act.run, client],
  );

  const desk = useMemo(() => ({ preferences, prefer }), [preferences, prefer]);
  return (
    <LanguageProvider language={language}>
      <Look>
        <PreferencesContext value={desk}>
          <NoticeProvider>
            <Desks />
          </NoticeProvider>
        </PreferencesContext>
      </Look>
    </LanguageProvider>
  );
}

/** A new person gets a fresh desk: nothing of the one before stays on the screens. */
function Desks() {
  const { t } = useWords();
  const forget = useForgetKept();
  const { data: session, problem, refetch } = useCall('session', 'current', {});
  const lastPerson = useRef<string | undefined>(undefined);
  const person = session?.person ?? null;
  if (person !== null && lastPerson.current !== person.id) {
    if (lastPerson.current !== undefined) forget();
    lastPerson.current = person.id;
  }
  if (session === undefined)
    return (
      <>
        <ProcessBanner />
        <main className="sign-in">
          {problem === undefined ? (
            <p className="quiet">{t('ui.starting')}</p>
          ) : (
            <>
              <Problem error={problem}>
                <Button size="small" onClick={refetch}>
                  {t('ui.again')}
                </Button>
              </Problem>
              <BackToTraining />
            </>
          )}
        </main>
      </>
    );
  if (session.office === null && session.profile !== 'training') return <FirstRun session={session} onSession={refetch} />;
  if (person === null) return <SignIn session={session} onSession={refetch} />;
  return (
    <DeskProvider session={session} person={person}>
      <NavigationProvider key={person.id}>
        {/* Of its own: what was said to the person before is not for the next. */}
        <NoticeProvider>
          <Frame onSession={refetch} />
        </NoticeProvider>
      </NavigationProvider>
    </DeskProvider>
  );
}

/** A station that cannot start must not keep people from training. */
function BackToTraining() {
  const { t } = useWords();
  const { data } = useCall('shell', 'opened', {});
  if (data === undefined || data.profile === 'training') return null;
  return <ChangeProfile to="training" label={t('profile.trainingFirst')} />;
}
