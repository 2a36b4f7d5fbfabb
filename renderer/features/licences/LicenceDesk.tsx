// One licence whole: its page from the stored bytes, its data, both lives, its proofs, and what this person may do now.
import { ArrowLeftOutlined } from '@ant-design/icons';
import { Button, Segmented } from 'antd';
import type { LicenceRow } from '../../../electron/contract/licence.ts';
import { useWords } from '../../station/language.tsx';
import { useKept } from '../../station/StationProvider.tsx';
import { useCall } from '../../station/use-call.ts';
import type { Catalogue } from '../../station/use-catalogue.ts';
import { useLicenceFile } from '../../station/use-licence-file.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PdfPage } from '../../ui/PdfPage.tsx';
import { Problem } from '../../ui/Problem.tsx';
import { Screen } from '../../ui/Screen.tsx';
import { Scroll } from '../../ui/Scroll.tsx';
import { licenceState, StateTag } from '../../ui/StateTag.tsx';
import { Timeline } from '../../ui/Timeline.tsx';
import { LicenceActions } from './LicenceActions.tsx';
import { LicenceData } from './LicenceData.tsx';
import { LicenceDelivery } from './LicenceDelivery.tsx';
import { LicenceProofs } from './LicenceProofs.tsx';

const parts = ['data', 'lives', 'delivery', 'proofs'] as const;
type Part = (typeof parts)[number];

interface LicenceDeskProps {
  readonly id: LicenceRow['id'];
  readonly catalogue: Catalogue;
  readonly onClose: () => void;
  readonly onOther: (id: LicenceRow['id']) => void;
}

export function LicenceDesk({ id, catalogue, onClose, onOther }: LicenceDeskProps) {
  const { t } = useWords();
  const [part, setPart] = useKept<Part>('licence.part', 'data');
  const view = useCall('licences', 'view', { id });
  const detail = view.data;
  const isDraft = detail?.row.state === 'draft';
  const canPreview = detail?.actions.includes('mend') ?? false;
  const file = useLicenceFile(detail === undefined || (isDraft && !canPreview) ? undefined : id, detail?.row.revision ?? 0, isDraft);

  return (
    <Screen
      title={detail?.row.holderName ?? t('tab.licences')}
      note={
        detail !== undefined && (
          <span className="row">
            <StateTag state={licenceState(detail.row)} />
            {detail.row.delivery !== null && <StateTag state={detail.row.delivery} />}
            {!detail.timeConfirmed && <StateTag state="timeUnconfirmed" />}
          </span>
        )
      }
      isFixed
      testId="screen-licence"
      actions={
        <>
          <Button icon={<ArrowLeftOutlined />} onClick={onClose} data-testid="licence-back">
            {t('licence.back')}
          </Button>
          {detail !== undefined && (
            <LicenceActions
              detail={detail}
              file={file.file}
              catalogue={catalogue}
              onChanged={view.refetch}
              onClose={onClose}
              onOther={onOther}
            />
          )}
        </>
      }
    >
      <Problem error={view.problem} />
      {detail !== undefined && (
        <div className="detail">
          <section className="panel" aria-label={t('licence.page')}>
            <PdfPage
              bytes={file.bytes}
              isLoading={file.isLoading}
              label={t(isDraft ? 'licence.pagePreview' : file.file?.sealed === true ? 'licence.pageSealed' : 'licence.pageUnsealed')}
              empty={
                file.problem === undefined ? (
                  <EmptyState title={t('licence.noPage')}>{t('licence.noPageHint')}</EmptyState>
                ) : (
                  <Problem error={file.problem} />
                )
              }
            />
          </section>
          <section className="panel" style={{ display: 'flex', flexDirection: 'column', minHeight: 0 }}>
            <div className="panel-head">
              <Segmented<Part>
                value={part}
                onChange={setPart}
                options={parts.map((value) => ({ value, label: <span data-testid={`part-${value}`}>{t(`licence.part.${value}`)}</span> }))}
                aria-label={t('licence.parts')}
              />
            </div>
            <Scroll label={t('licence.parts')} className="panel-body grow column">
              {detail.returnReason !== null && detail.row.returned && (
                <p className="tone-warn">{t('licence.returnReason', { reason: detail.returnReason })}</p>
              )}
              {detail.voidReason !== null && <p>{t('licence.voidReason', { reason: detail.voidReason })}</p>}
              {detail.cancelReason !== null && <p>{t('licence.cancelReason', { reason: detail.cancelReason })}</p>}
              {part === 'data' && <LicenceData detail={detail} catalogue={catalogue} />}
              {part === 'lives' && (
                <>
                  <h2>{t('licence.legalLife')}</h2>
                  <Timeline entries={detail.legalLife} label={t('licence.legalLife')} />
                  <h2>{t('licence.deliveryLife')}</h2>
                  {detail.deliveryLife.length === 0 ? (
                    <p className="quiet">{t('licence.notYetDelivered')}</p>
                  ) : (
                    <Timeline entries={detail.deliveryLife} label={t('licence.deliveryLife')} />
                  )}
                </>
              )}
              {part === 'delivery' && <LicenceDelivery detail={detail} />}
              {part === 'proofs' && <LicenceProofs detail={detail} file={file.file} onOther={onOther} />}
            </Scroll>
          </section>
        </div>
      )}
    </Screen>
  );
}
