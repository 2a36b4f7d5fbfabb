// One word per state, everywhere the same: icon, word and colour.
import {
  CheckCircleFilled,
  CheckCircleOutlined,
  ClockCircleOutlined,
  CloseCircleOutlined,
  EditOutlined,
  ExclamationCircleFilled,
  FieldTimeOutlined,
  FileSearchOutlined,
  HourglassOutlined,
  InboxOutlined,
  MinusCircleOutlined,
  RollbackOutlined,
  SafetyCertificateOutlined,
  SendOutlined,
  StopOutlined,
  SyncOutlined,
} from '@ant-design/icons';
import type { ReactNode } from 'react';
import type { LicenceRow } from '../../electron/contract/licence.ts';
import { useWords } from '../station/language.tsx';

type Tone = 'quiet' | 'plain' | 'busy' | 'good' | 'warn';

const looks: Readonly<Record<string, { readonly tone: Tone; readonly icon: ReactNode }>> = {
  draft: { tone: 'plain', icon: <EditOutlined /> },
  submitted: { tone: 'busy', icon: <FileSearchOutlined /> },
  returned: { tone: 'warn', icon: <RollbackOutlined /> },
  approved: { tone: 'busy', icon: <SafetyCertificateOutlined /> },
  sealing: { tone: 'busy', icon: <HourglassOutlined /> },
  issued: { tone: 'good', icon: <CheckCircleOutlined /> },
  voided: { tone: 'quiet', icon: <StopOutlined /> },
  valid: { tone: 'good', icon: <CheckCircleOutlined /> },
  notYetEffective: { tone: 'plain', icon: <FieldTimeOutlined /> },
  expired: { tone: 'quiet', icon: <FieldTimeOutlined /> },
  cancelled: { tone: 'quiet', icon: <CloseCircleOutlined /> },
  queued: { tone: 'plain', icon: <InboxOutlined /> },
  sending: { tone: 'busy', icon: <SendOutlined /> },
  acknowledged: { tone: 'good', icon: <CheckCircleFilled /> },
  refused: { tone: 'warn', icon: <ExclamationCircleFilled /> },
  quarantined: { tone: 'warn', icon: <ExclamationCircleFilled /> },
  closed: { tone: 'quiet', icon: <MinusCircleOutlined /> },
  timeUnconfirmed: { tone: 'warn', icon: <ClockCircleOutlined /> },
  waiting: { tone: 'plain', icon: <ClockCircleOutlined /> },
  sealed: { tone: 'good', icon: <CheckCircleOutlined /> },
  failed: { tone: 'warn', icon: <ExclamationCircleFilled /> },
  running: { tone: 'busy', icon: <SyncOutlined /> },
};

export function StateTag({ state, suffix }: { readonly state: string; readonly suffix?: string }) {
  const { maybe } = useWords();
  const look = looks[state] ?? { tone: 'plain' as const, icon: <MinusCircleOutlined /> };
  return (
    <span className={`state tone-${look.tone}`} data-state={state}>
      <span aria-hidden="true">{look.icon}</span>
      {maybe(`state.${state}`) ?? state}
      {suffix}
    </span>
  );
}

/** The one word for where a licence stands: its legal life, not its delivery. */
export function licenceState(row: Pick<LicenceRow, 'state' | 'returned' | 'legalStatus'>): string {
  if (row.state === 'draft' && row.returned) return 'returned';
  if (row.state === 'issued' && row.legalStatus !== null && row.legalStatus !== 'valid') return row.legalStatus;
  return row.state;
}
