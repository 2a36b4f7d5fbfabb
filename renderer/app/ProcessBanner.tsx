// A killed station or key reader is a banner, never a lost window: the screen below stays as it was.

import { LoadingOutlined, WarningOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useWords } from '../station/language.tsx';
import { useClient } from '../station/StationProvider.tsx';
import { useAct } from '../station/use-act.ts';
import { useCall } from '../station/use-call.ts';
import { Problem } from '../ui/Problem.tsx';

export function ProcessBanner() {
  const { t } = useWords();
  const client = useClient();
  const act = useAct();
  const { data = [] } = useCall('shell', 'processes', {});
  return (
    <div aria-live="assertive">
      {data
        .filter(({ state }) => state === 'crashed' || state === 'backoff' || state === 'givenUp' || state === 'starting')
        .map((process) => (
          <div className="banner" key={process.name} data-testid={`banner-${process.name}`} data-state={process.state}>
            {process.state === 'givenUp' ? <WarningOutlined aria-hidden="true" /> : <LoadingOutlined aria-hidden="true" />}
            <span>
              {t(process.state === 'givenUp' ? 'process.givenUp' : 'process.restarting', { process: t(`process.${process.name}`) })}
            </span>
            <span className="small">{t(process.state === 'givenUp' ? 'process.givenUpHint' : 'process.restartingHint')}</span>
            {process.state === 'givenUp' && (
              <Button
                size="small"
                type="primary"
                loading={act.isBusy}
                onClick={() => act.run(() => client.shell.restart({ name: process.name }))}
                data-testid={`restart-${process.name}`}
              >
                {t('process.restart')}
              </Button>
            )}
          </div>
        ))}
      <Problem error={act.problem} onClose={act.clear} />
    </div>
  );
}
