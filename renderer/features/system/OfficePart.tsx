// The office this station works for: a newer package by an operator, and the way to training and back.
import { useWords } from '../../station/language.tsx';
import { useDesk } from '../../station/session.tsx';
import { Panel } from '../../ui/Screen.tsx';
import { ChangeProfile } from '../office/ChangeProfile.tsx';
import { TakePackage } from '../office/TakePackage.tsx';

export function OfficePart() {
  const { t, name } = useWords();
  const { session, office, person } = useDesk();
  const { profile } = session;
  return (
    <div className="column">
      <Panel title={t('system.newerPackage')}>
        <div className="panel-body column" data-testid="newer-package">
          <p>
            {office === null
              ? t('frame.noOffice')
              : t('system.officeNow', { unit: name(office.name, office.nameEn), station: office.stationId })}
          </p>
          {profile === 'training' ? (
            <p className="quiet">{t('system.trainingOffice')}</p>
          ) : person.roles.includes('operator') ? (
            // The session's own hint brings the new office to every screen.
            <TakePackage profile={profile} onTaken={() => undefined} />
          ) : (
            <p className="who-can">{t('ui.whoCan', { what: t('system.takeNewer'), roles: t('role.operator') })}</p>
          )}
        </div>
      </Panel>
      <Panel title={t('system.profile')}>
        <div className="panel-body column">
          <p>{t(`profile.${profile}`)}</p>
          {profile === 'training' ? (
            <ChangeProfile to="production" label={t('profile.goTo.production')} />
          ) : (
            <ChangeProfile to="training" label={t('profile.goTo.training')} />
          )}
        </div>
      </Panel>
    </div>
  );
}
