// Long work under way, visible from every screen; it may be left and come back to.
import { Button, Popover } from 'antd';
import { useWords } from '../station/language.tsx';
import { useCall } from '../station/use-call.ts';
import { JobLine } from '../ui/JobLine.tsx';

export function JobsAtFoot() {
  const { t } = useWords();
  const { data = [] } = useCall('jobs', 'list', {});
  const underWay = data.filter((job) => job.state === 'running' || job.state === 'paused');
  const [first] = underWay;
  return (
    <div className="frame-jobs row" aria-live="off">
      {first !== undefined && <JobLine job={first} />}
      {underWay.length > 1 && (
        <Popover
          trigger="click"
          content={
            <div className="column">
              {underWay.map((job) => (
                <JobLine key={job.id} job={job} />
              ))}
            </div>
          }
        >
          <Button size="small">{t('frame.moreJobs', { count: underWay.length - 1 })}</Button>
        </Popover>
      )}
    </div>
  );
}
