// The way into a real office: the package from the disk, what it says, the authority's letter beside it, then the sign-in page.
import { SafetyCertificateOutlined } from '@ant-design/icons';
import type { SessionView } from '../../../electron/contract/people.ts';
import { PrintAndLanguage } from '../../app/PrintAndLanguage.tsx';
import { ProcessBanner } from '../../app/ProcessBanner.tsx';
import { useWords } from '../../station/language.tsx';
import { ChangeProfile } from './ChangeProfile.tsx';
import { TakePackage } from './TakePackage.tsx';

interface FirstRunProps {
  readonly session: SessionView;
  readonly onSession: () => void;
}

export function FirstRun({ session, onSession }: FirstRunProps) {
  const { t } = useWords();
  const { profile } = session;
  return (
    <div className={`frame-signin ${profile}`} style={{ height: '100%', display: 'flex', flexDirection: 'column' }}>
      <ProcessBanner />
      <main className="sign-in" data-testid="first-run">
        <header style={{ textAlign: 'center' }}>
          <div className="quiet">
            {t('product.name')} · {t('product.line')}
          </div>
          <h1 style={{ fontSize: 24, lineHeight: '36px' }}>
            <SafetyCertificateOutlined aria-hidden="true" /> {t('firstRun.title')}
          </h1>
          {profile === 'acceptance' && <span className="acceptance-badge">{t('frame.acceptance')}</span>}
        </header>
        <div className="sign-in-box first-run">
          <p style={{ marginBottom: 16 }}>{t('firstRun.says')}</p>
          <TakePackage profile={profile} onTaken={onSession} />
        </div>
        <div className="row">
          <ChangeProfile to="training" label={t('profile.trainingFirst')} />
          <PrintAndLanguage />
        </div>
      </main>
    </div>
  );
}
