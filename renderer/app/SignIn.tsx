// Who is there: people as cards, then the passphrase. In training the passphrase stands beside it.
import { UserOutlined } from '@ant-design/icons';
import { Input, type InputRef } from 'antd';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { PersonView, SessionView } from '../../electron/contract/people.ts';
import { ChangeProfile } from '../features/office/ChangeProfile.tsx';
import { describeCode } from '../station/describe-error.ts';
import { useWords } from '../station/language.tsx';
import { useClient } from '../station/StationProvider.tsx';
import { useAct } from '../station/use-act.ts';
import { useCall } from '../station/use-call.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { dayWithWeekday } from '../ui/local-time.ts';
import { MainAction } from '../ui/MainAction.tsx';
import { Problem, ProblemText } from '../ui/Problem.tsx';
import { PrintAndLanguage } from './PrintAndLanguage.tsx';
import { ProcessBanner } from './ProcessBanner.tsx';

interface SignInProps {
  readonly session: SessionView;
  readonly onSession: () => void;
}

export function SignIn({ session, onSession }: SignInProps) {
  const { t, name, language } = useWords();
  const client = useClient();
  const act = useAct();
  const [chosen, setChosen] = useState<PersonView | undefined>(undefined);
  const [passphrase, setPassphrase] = useState('');
  const field = useRef<InputRef>(null);
  const { office, profile } = session;

  useEffect(() => {
    if (chosen !== undefined) field.current?.focus();
  }, [chosen]);

  const signIn = async () => {
    if (chosen === undefined || passphrase === '') return;
    const answer = await act.run(() => client.session.signIn({ personId: chosen.id, passphrase }));
    setPassphrase('');
    if (answer === undefined) field.current?.focus();
    else onSession();
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void signIn();
  };

  return (
    <div className={`frame-signin ${profile}`} style={{ height: '100%', display: 'flex', flexDirection: 'column' }}>
      <ProcessBanner />
      <main className="sign-in">
        <header style={{ textAlign: 'center' }}>
          <div className="quiet">
            {t('product.name')} · {t('product.line')}
          </div>
          <h1 style={{ fontSize: 24, lineHeight: '36px' }} data-testid="office">
            {office === null ? t(`profileName.${profile}`) : name(office.name, office.nameEn)}
          </h1>
          <div>{dayWithWeekday(session.today, language)}</div>
        </header>
        {profile === 'training' && (
          <div className="training-badge" data-testid="training-badge">
            {t('frame.training')}
          </div>
        )}
        {profile === 'acceptance' && <div className="acceptance-badge">{t('frame.acceptance')}</div>}
        {session.people.length === 0 ? (
          <div className="sign-in-box">
            <Preparing />
          </div>
        ) : (
          <form className="sign-in-box" onSubmit={onSubmit}>
            <h2 id="who">{t('signIn.who')}</h2>
            <div className="people" role="radiogroup" aria-labelledby="who">
              {session.people.map((person) => (
                <button
                  type="button"
                  role="radio"
                  key={person.id}
                  className="person"
                  aria-checked={person.id === chosen?.id}
                  onClick={() => setChosen(person)}
                  data-testid={`sign-in-${person.id}`}
                >
                  <span className="name">
                    <UserOutlined aria-hidden="true" /> {person.name}
                  </span>
                  <span className="quiet">
                    {person.roles.map((role) => t(`role.${role}`)).join(' / ')}
                    {person.headOfOffice && ` · ${t('role.head')}`}
                  </span>
                </button>
              ))}
            </div>
            <div className="column">
              {session.trainingHint !== null && (
                <p className="training-hint">
                  {t('signIn.trainingHint')} <span className="mono">{session.trainingHint.passphrase}</span>
                  {' · '}
                  {t('signIn.trainingPin')} <span className="mono">{session.trainingHint.pin}</span>
                </p>
              )}
              <label htmlFor="passphrase">{t('signIn.passphrase')}</label>
              <div className="row">
                <Input.Password
                  id="passphrase"
                  ref={field}
                  value={passphrase}
                  maxLength={200}
                  autoComplete="off"
                  disabled={chosen === undefined}
                  placeholder={chosen === undefined ? t('signIn.chooseFirst') : ''}
                  onChange={(event) => setPassphrase(event.target.value)}
                  style={{ flex: '1 1 240px' }}
                  data-testid="passphrase"
                />
                <MainAction
                  testId="sign-in"
                  onClick={() => void signIn()}
                  isBusy={act.isBusy}
                  isDisabled={chosen === undefined || passphrase === ''}
                >
                  {t('signIn.go')}
                </MainAction>
              </div>
              <Problem error={act.problem} />
            </div>
          </form>
        )}
        <div className="row">
          {profile === 'training' && <ChangeProfile to="production" label={t('profile.goTo.production')} />}
          <PrintAndLanguage />
        </div>
      </main>
    </div>
  );
}

/** Training only: the program makes its office itself, and says so when it cannot. */
function Preparing() {
  const words = useWords();
  const { data } = useCall('shell', 'opened', {});
  const problem = data?.problem ?? null;
  if (problem !== null) return <ProblemText description={describeCode(problem.code, problem.details, words)} />;
  return <EmptyState title={words.t('signIn.preparing')}>{words.t('signIn.preparingHint')}</EmptyState>;
}
