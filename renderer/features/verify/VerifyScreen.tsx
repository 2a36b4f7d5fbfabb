// Verify: drop a PDF; the verdict big and in words, the page beside it, what was checked against what.
import { Button } from 'antd';
import { useState } from 'react';
import type { VerifiedFile } from '../../../electron/contract/work.ts';
import { useNavigation } from '../../app/navigation.tsx';
import { useWords } from '../../station/language.tsx';
import { useClient, useKept } from '../../station/StationProvider.tsx';
import { useDesk } from '../../station/session.tsx';
import { useAct } from '../../station/use-act.ts';
import { FileDrop } from '../../ui/FileDrop.tsx';
import { PdfPage } from '../../ui/PdfPage.tsx';
import { Problem } from '../../ui/Problem.tsx';
import { Screen } from '../../ui/Screen.tsx';
import { Scroll } from '../../ui/Scroll.tsx';
import { Verdict } from './Verdict.tsx';

interface Checked {
  readonly view: VerifiedFile;
  readonly bytes: Uint8Array;
}

export function VerifyScreen() {
  const { t } = useWords();
  const client = useClient();
  const { may } = useDesk();
  const { go } = useNavigation();
  const act = useAct();
  const [checked, setChecked] = useKept<Checked | undefined>('verify.checked', undefined);
  const [asked, setAsked] = useState('');

  const verify = (fileName: string, bytes: Uint8Array) =>
    act.run(async () => {
      setAsked(fileName);
      setChecked({ view: await client.verify.file({ fileName, bytes }), bytes });
    });
  const own = checked?.view.own ?? null;

  return (
    <Screen
      title={t('tab.verify')}
      note={checked === undefined ? t('verify.note') : checked.view.fileName}
      isFixed={checked !== undefined}
      testId="screen-verify"
    >
      <FileDrop
        title={t('verify.drop')}
        hint={t('verify.dropHint')}
        accept=".pdf"
        isBusy={act.isBusy}
        onFile={verify}
        onTaking={act.clear}
        isSmall={checked !== undefined}
        className={checked === undefined ? 'grow' : ''}
      />
      {act.isBusy && <p className="quiet">{t('verify.checking', { fileName: asked })}</p>}
      <Problem error={act.problem} onClose={act.clear} />
      {checked !== undefined && (
        <div className="detail">
          <section className="panel" aria-label={t('licence.page')}>
            <PdfPage bytes={checked.bytes} label={t('verify.page')} />
          </section>
          <Scroll label={t('verify.says')} className="panel">
            <div className="panel-body column">
              <Verdict view={checked.view} />
              {own !== null && may('licences', 'view') && (
                <Button style={{ alignSelf: 'start' }} onClick={() => go('licences', { licenceId: own.licenceId })} data-testid="open-own">
                  {t('verify.openOwn')}
                </Button>
              )}
            </div>
          </Scroll>
        </div>
      )}
    </Screen>
  );
}
