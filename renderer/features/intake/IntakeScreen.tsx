// Intake: a register becomes drafts, a row with a fault never blocks the others; or one matter is typed.
import { EditOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import type { ImportView } from '../../../electron/contract/import.ts';
import { useWords } from '../../station/language.tsx';
import { useClient, useKept } from '../../station/StationProvider.tsx';
import { useDesk } from '../../station/session.tsx';
import { useAct } from '../../station/use-act.ts';
import { useCall } from '../../station/use-call.ts';
import { useCatalogue } from '../../station/use-catalogue.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { FileDrop } from '../../ui/FileDrop.tsx';
import { localTime } from '../../ui/local-time.ts';
import { Problem } from '../../ui/Problem.tsx';
import { Panel, Screen } from '../../ui/Screen.tsx';
import { WhoCan } from '../../ui/WhoCan.tsx';
import { ImportBoard } from './ImportBoard.tsx';
import { TypeOneMatter } from './TypeOneMatter.tsx';

export function IntakeScreen() {
  const { t } = useWords();
  const client = useClient();
  const { may } = useDesk();
  const act = useAct();
  const [importId, setImportId] = useKept<ImportView['id'] | null>('intake.import', null);
  const [isTyping, setTyping] = useState(false);
  const canTake = may('intake', 'open');

  const open = async (fileName: string, bytes: Uint8Array) => {
    const view = await act.run(() => client.intake.open({ fileName, bytes }));
    if (view !== undefined) setImportId(view.id);
  };

  if (isTyping) return <TypeOneMatter onClose={() => setTyping(false)} />;
  if (importId !== null) return <ImportBoard key={importId} importId={importId} onClose={() => setImportId(null)} onOther={setImportId} />;
  return (
    <Screen
      title={t('tab.intake')}
      note={t('intake.note')}
      testId="screen-intake"
      actions={
        canTake && (
          <Button icon={<EditOutlined />} onClick={() => setTyping(true)} data-testid="type-one">
            {t('intake.typeOne')}
          </Button>
        )
      }
    >
      {canTake ? (
        <FileDrop
          title={t('intake.drop')}
          hint={t('intake.dropHint')}
          accept=".csv,.txt,.xlsx,.xls"
          isBusy={act.isBusy}
          onFile={open}
          onTaking={act.clear}
        />
      ) : (
        <Panel>
          <div className="panel-body">
            <WhoCan group="intake" name="open" what={t('intake.what')} />
          </div>
        </Panel>
      )}
      <Problem error={act.problem} onClose={act.clear} />
      <Imports onOpen={setImportId} />
    </Screen>
  );
}

function Imports({ onOpen }: { readonly onOpen: (id: ImportView['id']) => void }) {
  const { t, count } = useWords();
  const { may } = useDesk();
  const { typeName } = useCatalogue();
  const { data: imports, problem } = useCall('intake', 'imports', may('intake', 'imports') ? {} : null);
  if (problem !== undefined) return <Problem error={problem} />;
  if (imports === undefined) return null;
  return (
    <Panel title={t('intake.imports')} className="grow">
      {imports.length === 0 ? (
        <EmptyState title={t('intake.noImports')}>{t('intake.noImportsHint')}</EmptyState>
      ) : (
        <div className="panel-body" style={{ paddingTop: 4 }}>
          <table className="plain">
            <thead>
              <tr>
                <th>{t('intake.file')}</th>
                <th>{t('licence.type')}</th>
                <th>{t('intake.state')}</th>
                <th className="number">{t('intake.rows')}</th>
                <th className="number">{t('intake.faulty')}</th>
                <th className="number">{t('intake.acceptedRows')}</th>
                <th style={{ paddingLeft: 16 }}>{t('intake.by')}</th>
              </tr>
            </thead>
            <tbody>
              {imports.map((view) => (
                <tr key={view.id}>
                  <td>
                    <button type="button" className="link" onClick={() => onOpen(view.id)} data-testid={`import-${view.id}`}>
                      {view.fileName}
                    </button>
                  </td>
                  <td>{typeName(view.typeId)}</td>
                  <td>{t(`importState.${view.state}`)}</td>
                  <td className="number">{count(view.rows)}</td>
                  <td className="number">{count(view.counts.faulty)}</td>
                  <td className="number">{count(view.counts.accepted)}</td>
                  <td style={{ paddingLeft: 16 }}>
                    {view.by} · {localTime(view.at)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}
