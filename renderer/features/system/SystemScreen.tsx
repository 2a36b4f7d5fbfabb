// System: what this station is made of and stands on, the audit trail, jobs, and plainly what this version does not have yet.
import { Segmented } from 'antd';
import { useWords } from '../../station/language.tsx';
import { useKept } from '../../station/StationProvider.tsx';
import { useCall } from '../../station/use-call.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { JobLine } from '../../ui/JobLine.tsx';
import { Panel, Screen } from '../../ui/Screen.tsx';
import { AboutStation } from './AboutStation.tsx';
import { AuditTrail } from './AuditTrail.tsx';
import { DisplaySettings } from './DisplaySettings.tsx';
import { OfficePart } from './OfficePart.tsx';

const parts = ['about', 'office', 'audit', 'jobs', 'display'] as const;
type Part = (typeof parts)[number];

export function SystemScreen() {
  const { t } = useWords();
  const [part, setPart] = useKept<Part>('system.part', 'about');
  return (
    <Screen
      title={t('tab.system')}
      isFixed={part === 'audit'}
      testId="screen-system"
      note={
        <Segmented<Part>
          value={part}
          onChange={setPart}
          options={parts.map((value) => ({ value, label: <span data-testid={`system-${value}`}>{t(`system.part.${value}`)}</span> }))}
          aria-label={t('tab.system')}
        />
      }
    >
      {part === 'about' && <AboutStation />}
      {part === 'office' && <OfficePart />}
      {part === 'audit' && <AuditTrail />}
      {part === 'jobs' && <Jobs />}
      {part === 'display' && <DisplaySettings />}
    </Screen>
  );
}

function Jobs() {
  const { t } = useWords();
  const { data } = useCall('jobs', 'list', {});
  return (
    <Panel title={t('system.part.jobs')} className="grow">
      {data !== undefined && data.length === 0 ? (
        <EmptyState title={t('system.noJobs')}>{t('system.noJobsHint')}</EmptyState>
      ) : (
        <div className="panel-body column">
          {data?.map((job) => (
            <JobLine key={job.id} job={job} />
          ))}
        </div>
      )}
    </Panel>
  );
}
