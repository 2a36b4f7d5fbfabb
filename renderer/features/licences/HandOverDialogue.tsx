// Hand-over (R02, R37): who collected, how they were identified, the paper, what was given; then the receipt slip.
import { Checkbox, Input, Radio, Select } from 'antd';
import { useState } from 'react';
import type { HandOver, LicenceDetail } from '../../../electron/contract/licence.ts';
import { isStationError } from '../../../electron/contract/station-error.ts';
import { describeCode } from '../../station/describe-error.ts';
import { useWords } from '../../station/language.tsx';
import { useClient } from '../../station/StationProvider.tsx';
import { useAct } from '../../station/use-act.ts';
import { Dialogue } from '../../ui/Dialogue.tsx';
import { useNotice } from '../../ui/Notices.tsx';
import { Problem } from '../../ui/Problem.tsx';

const identified = ['idCardSeen', 'idCardRead', 'passportSeen', 'businessLicenceSeen', 'proxyLetterAndIdCard'] as const;
/** Beside the paper licence, whose serial says that it was given. */
const given = ['print', 'fileOnStick', 'fileByMessage'] as const;

export function HandOverDialogue({ detail, onClose }: { readonly detail: LicenceDetail; readonly onClose: () => void }) {
  const words = useWords();
  const { t } = words;
  const client = useClient();
  const say = useNotice();
  const act = useAct();
  const { row } = detail;
  const [collector, setCollector] = useState<HandOver['collector']>('holder');
  const [collectorName, setCollectorName] = useState([...row.holderName].length <= 50 ? row.holderName : '');
  const [how, setHow] = useState<HandOver['identified']>('idCardSeen');
  const [hasPaper, setHasPaper] = useState(false);
  const [paperSerial, setPaperSerial] = useState('');
  const [what, setWhat] = useState<readonly HandOver['given'][number][]>([]);
  const [note, setNote] = useState('');
  const [withSlip, setWithSlip] = useState(true);
  const isComplete = collectorName.trim() !== '' && (hasPaper ? paperSerial.trim() !== '' : what.length > 0);

  const record = () =>
    act.run(async () => {
      await client.licences.handOver({
        id: row.id,
        handOver: {
          collector,
          collectorName: collectorName.trim(),
          identified: how,
          paperSerial: hasPaper ? paperSerial.trim() : null,
          given: hasPaper ? ['paper', ...what] : [...what],
          note: note.trim(),
        },
      });
      say(t('handOver.done', { name: collectorName.trim() }));
      if (withSlip) await printSlip();
      onClose();
    });

  /** The hand-over stands whatever the printer does: the slip can be printed again from the licence. */
  const printSlip = async () => {
    try {
      const slip = await client.licences.slip({ id: row.id });
      const { printed } = await client.shell.print({ title: slip.fileName, bytes: slip.bytes });
      if (printed) await client.licences.fileSaved({ id: row.id, what: 'slip' });
    } catch (error) {
      if (!isStationError(error)) throw error;
      say(t('handOver.slipLater', { problem: describeCode(error.code, error.details, words).title }));
    }
  };

  return (
    <Dialogue
      title={t('handOver.title', { name: row.holderName })}
      isOpen
      onClose={onClose}
      width={620}
      main={{
        label: t('handOver.go'),
        onClick: () => void record(),
        isBusy: act.isBusy,
        isDisabled: !isComplete,
        testId: 'hand-over-confirm',
      }}
    >
      <div className="column">
        <Radio.Group
          aria-label={t('handOver.collector')}
          value={collector}
          onChange={(event) => {
            const next: HandOver['collector'] = event.target.value;
            setCollector(next);
            setCollectorName(next === 'holder' && [...row.holderName].length <= 50 ? row.holderName : '');
            setHow(next === 'holder' ? 'idCardSeen' : 'proxyLetterAndIdCard');
          }}
          options={[
            { value: 'holder', label: t('handOver.collector.holder') },
            { value: 'proxy', label: t('handOver.collector.proxy') },
          ]}
        />
        <div className="form-grid">
          <div className="field">
            <label htmlFor="collector-name">{t('handOver.name')} *</label>
            <Input
              id="collector-name"
              maxLength={50}
              value={collectorName}
              onChange={(event) => setCollectorName(event.target.value)}
              data-testid="collector-name"
            />
          </div>
          <div className="field">
            <label htmlFor="identified">{t('handOver.identified')} *</label>
            <Select
              id="identified"
              style={{ width: '100%' }}
              value={how}
              onChange={setHow}
              options={identified.map((value) => ({ value, label: t(`handOver.identified.${value}`) }))}
              data-testid="identified"
            />
          </div>
        </div>
        <div>
          <div className="quiet">
            {t('handOver.given')}
            {hasPaper ? '' : ' *'}
          </div>
          <Checkbox.Group
            value={[...what]}
            onChange={(values) => setWhat(given.filter((each) => values.includes(each)))}
            options={given.map((value) => ({ value, label: <span data-testid={`given-${value}`}>{t(`handOver.given.${value}`)}</span> }))}
          />
        </div>
        <div className="row">
          <Radio.Group
            aria-label={t('handOver.paper')}
            value={hasPaper}
            onChange={(event) => setHasPaper(event.target.value === true)}
            options={[
              { value: false, label: t('handOver.electronicOnly') },
              { value: true, label: t('handOver.withPaper') },
            ]}
          />
          <Input
            style={{ width: 200 }}
            disabled={!hasPaper}
            maxLength={40}
            placeholder={t('handOver.paperSerial')}
            aria-label={t('handOver.paperSerial')}
            value={paperSerial}
            onChange={(event) => setPaperSerial(event.target.value)}
            data-testid="paper-serial"
          />
        </div>
        <Input
          maxLength={200}
          placeholder={t('handOver.note')}
          aria-label={t('handOver.note')}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
        <Checkbox checked={withSlip} onChange={(event) => setWithSlip(event.target.checked)} data-testid="with-slip">
          {t('handOver.withSlip')}
        </Checkbox>
        <p className="small quiet">{t('handOver.says')}</p>
        <Problem error={act.problem} />
      </div>
    </Dialogue>
  );
}
