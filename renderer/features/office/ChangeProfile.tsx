// A quiet way to the other life of this computer, with what it means said before. The program ends and opens again.
import { useState } from 'react';
import type { Profile } from '../../../electron/contract/values.ts';
import { useWords } from '../../station/language.tsx';
import { useClient } from '../../station/StationProvider.tsx';
import { useAct } from '../../station/use-act.ts';
import { Dialogue } from '../../ui/Dialogue.tsx';
import { Problem } from '../../ui/Problem.tsx';

export function ChangeProfile({ to, label }: { readonly to: Profile; readonly label: string }) {
  const { t } = useWords();
  const client = useClient();
  const act = useAct();
  const [isOpen, setOpen] = useState(false);
  const [isLeaving, setLeaving] = useState(false);
  const change = () =>
    void act.run(async () => {
      await client.shell.chooseProfile({ profile: to });
      setLeaving(true);
    });
  const close = () => {
    setOpen(false);
    act.clear();
  };
  return (
    <>
      <button type="button" className="link" onClick={() => setOpen(true)} data-testid={`profile-${to}`}>
        {label}
      </button>
      <Dialogue
        title={t(`profile.changeTo.${to}`)}
        isOpen={isOpen}
        onClose={close}
        main={{ label: t('profile.change'), onClick: change, isBusy: act.isBusy || isLeaving, testId: 'profile-change' }}
      >
        <div className="column">
          <p>{t(`profile.changeSays.${to}`)}</p>
          <p className="quiet">{t('profile.changeKeeps')}</p>
          <Problem error={act.problem} />
        </div>
      </Dialogue>
    </>
  );
}
