// One provisioning package from dropping it to taking it into force. The first one of a workspace is compared with the
// authority's letter; each further one must come from the authority in force, which the station checks.
import { Button } from 'antd';
import { useState } from 'react';
import type { OfficePackageView } from '../../../electron/contract/people.ts';
import type { Profile } from '../../../electron/contract/values.ts';
import { useWords } from '../../station/language.tsx';
import { useClient } from '../../station/StationProvider.tsx';
import { useAct } from '../../station/use-act.ts';
import { FileDrop } from '../../ui/FileDrop.tsx';
import { MainAction } from '../../ui/MainAction.tsx';
import { useNotice } from '../../ui/Notices.tsx';
import { Problem } from '../../ui/Problem.tsx';
import { ChangeProfile } from './ChangeProfile.tsx';
import { CompareFingerprint } from './CompareFingerprint.tsx';
import { misfitsOf } from './misfits-of.ts';
import { PackageSays } from './PackageSays.tsx';

interface TakePackageProps {
  readonly profile: Profile;
  readonly onTaken: () => void;
}

interface Chosen {
  readonly fileName: string;
  readonly bytes: Uint8Array;
  readonly says: OfficePackageView;
}

export function TakePackage({ profile, onTaken }: TakePackageProps) {
  const { t, name } = useWords();
  const client = useClient();
  const say = useNotice();
  const act = useAct();
  const [chosen, setChosen] = useState<Chosen | undefined>(undefined);
  const [isCompared, setCompared] = useState(false);

  const read = (fileName: string, bytes: Uint8Array) =>
    void act.run(async () => {
      setCompared(false);
      setChosen(undefined);
      setChosen({ fileName, bytes, says: await client.session.inspectOffice({ file: bytes }) });
    });

  if (chosen === undefined)
    return (
      <>
        <FileDrop title={t('package.drop')} hint={t('package.dropHint')} accept=".json" isBusy={act.isBusy} onFile={read} />
        <Problem error={act.problem} onClose={act.clear} />
      </>
    );

  const { says } = chosen;
  const misfits = misfitsOf(says, profile);
  const isFirst = says.inForce === null;
  const take = () =>
    void act.run(async () => {
      const session = await client.session.takeOffice({ file: chosen.bytes, fingerprint: says.fingerprint });
      say(
        t(isFirst ? 'package.taken' : 'package.takenNewer', {
          unit: session.office === null ? '' : name(session.office.name, session.office.nameEn),
        }),
      );
      setChosen(undefined);
      onTaken();
    });
  return (
    <div className="package">
      <PackageSays says={says} fileName={chosen.fileName} />
      <div className="column">
        {misfits.length > 0 && (
          <div className="problem" role="alert" data-testid="package-misfits" data-misfits={misfits.join(' ')}>
            <div className="parts">
              <div className="title">{t('package.cannotTake')}</div>
              {misfits.map((misfit) => (
                <div key={misfit}>
                  {t(`package.misfit.${misfit}`, {
                    profile: t(`profileName.${says.profile}`),
                    current: t(`profileName.${profile}`),
                    sequence: says.inForce?.sequence ?? 0,
                  })}
                </div>
              ))}
              {misfits.includes('profile') && isFirst && says.profile !== 'training' && (
                <ChangeProfile to={says.profile} label={t(`profile.goTo.${says.profile}`)} />
              )}
            </div>
          </div>
        )}
        {isFirst && misfits.length === 0 && <CompareFingerprint fingerprint={says.fingerprint} onCompared={setCompared} />}
        <Problem error={act.problem} onClose={act.clear} />
        <div className="row">
          <MainAction testId="package-take" onClick={take} isBusy={act.isBusy} isDisabled={misfits.length > 0 || (isFirst && !isCompared)}>
            {t(isFirst ? 'package.take' : 'package.takeNewer')}
          </MainAction>
          <Button onClick={() => setChosen(undefined)} data-testid="package-other">
            {t('package.other')}
          </Button>
          {isFirst && misfits.length === 0 && !isCompared && <span className="quiet">{t('package.compareFirst')}</span>}
        </div>
      </div>
    </div>
  );
}
