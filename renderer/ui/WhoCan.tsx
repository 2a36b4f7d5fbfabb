// An action a role may not do is absent; this line says who can.
import { TeamOutlined } from '@ant-design/icons';
import { useWords } from '../station/language.tsx';
import { rolesOf, useDesk } from '../station/session.tsx';
import type { CallName, GroupName } from '../station/use-call.ts';

export function WhoCan<G extends GroupName>({
  group,
  name,
  what,
}: {
  readonly group: G;
  readonly name: CallName<G>;
  readonly what: string;
}) {
  const { t, maybe, language } = useWords();
  const { may } = useDesk();
  if (may(group, name)) return null;
  const roles = rolesOf(group, name).map((role) => maybe(`role.${role}`) ?? role);
  return (
    <p className="who-can">
      <TeamOutlined aria-hidden="true" />
      <span>{t('ui.whoCan', { what, roles: roles.join(language === 'zh' ? '、' : ', ') })}</span>
    </p>
  );
}
