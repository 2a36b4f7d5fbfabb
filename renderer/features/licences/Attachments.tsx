// Files that belong to a licence: seen and saved by all at the desk, added and taken away by a clerk while it is a draft.
import { Button } from 'antd';
import { useRef, useState } from 'react';
import { type Attachment, AttachmentType, type LicenceDetail, MOST_ATTACHED_BYTES } from '../../../electron/contract/licence.ts';
import { StationError } from '../../../electron/contract/station-error.ts';
import type { FileOut } from '../../../electron/contract/work.ts';
import { useWords } from '../../station/language.tsx';
import { useClient } from '../../station/StationProvider.tsx';
import { useAct } from '../../station/use-act.ts';
import { useNotice } from '../../ui/Notices.tsx';
import { Problem } from '../../ui/Problem.tsx';
import { AttachmentView } from './AttachmentView.tsx';

const typeByEnding: Readonly<Record<string, AttachmentType>> = {
  pdf: 'application/pdf',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
};
const KB = 1024;
const sizeOf = (bytes: number): string => (bytes < KB * KB ? `${Math.ceil(bytes / KB)} KB` : `${(bytes / KB / KB).toFixed(1)} MB`);

export function Attachments({ detail }: { readonly detail: LicenceDetail }) {
  const { t } = useWords();
  const client = useClient();
  const say = useNotice();
  const act = useAct();
  const input = useRef<HTMLInputElement>(null);
  const [seen, setSeen] = useState<{ readonly file: FileOut; readonly mediaType: AttachmentType } | undefined>(undefined);
  const { attachments, row } = detail;
  const { id } = row;
  const canChange = detail.actions.includes('mend');

  const add = (file: File | undefined) =>
    act.run(async () => {
      if (file === undefined) return;
      const name = file.name.slice(-200);
      const mediaType = typeByEnding[name.split('.').at(-1)?.toLowerCase() ?? ''];
      if (mediaType === undefined) throw new StationError('ATTACHMENT_REFUSED', { fileName: name, problem: 'attachmentKind' });
      if (file.size > MOST_ATTACHED_BYTES) throw new StationError('ATTACHMENT_REFUSED', { fileName: name, problem: 'attachmentTooLarge' });
      await client.licences.attach({ id, name, mediaType, bytes: new Uint8Array(await file.arrayBuffer()) });
      say(t('attachment.added', { name }));
    });
  const remove = ({ sha256, name }: Attachment) =>
    act.run(async () => {
      await client.licences.detach({ id, sha256 });
      say(t('attachment.removed', { name }));
    });
  const open = ({ sha256, mediaType }: Attachment) =>
    act.run(async () => setSeen({ file: await client.licences.attachment({ id, sha256 }), mediaType }));
  const save = ({ sha256 }: Attachment) =>
    act.run(async () => {
      const file = await client.licences.attachment({ id, sha256 });
      const { savedAs } = await client.shell.saveFile({ suggestedName: file.fileName, bytes: file.bytes });
      if (savedAs !== null) say(t('ui.savedAs', { path: savedAs }));
    });

  if (attachments.length === 0 && !canChange) return null;
  return (
    <section className="column" style={{ flex: 'none' }} aria-label={t('attachment.title')} data-testid="attachments">
      <div className="row">
        <span className="strong">{t('attachment.title')}</span>
        {canChange && (
          <>
            <input
              ref={input}
              type="file"
              hidden
              accept={AttachmentType.options.join(',')}
              aria-label={t('attachment.add')}
              data-testid="attachment-input"
              onChange={(event) => {
                void add(event.target.files?.[0]);
                event.target.value = '';
              }}
            />
            <Button size="small" loading={act.isBusy} onClick={() => input.current?.click()} data-testid="attach">
              {t('attachment.add')}
            </Button>
          </>
        )}
      </div>
      {canChange && <p className="small quiet">{t('attachment.says', { limit: MOST_ATTACHED_BYTES / KB / KB })}</p>}
      {attachments.map((file, index) => (
        <div className="row" key={file.sha256} data-testid="attachment">
          <span style={{ overflowWrap: 'anywhere' }}>
            {index + 1}. {file.name} <span className="small quiet">{sizeOf(file.sizeBytes)}</span>
          </span>
          <span className="row end">
            <Button size="small" disabled={act.isBusy} onClick={() => void open(file)} data-testid="attachment-open">
              {t('attachment.open')}
            </Button>
            <Button size="small" disabled={act.isBusy} onClick={() => void save(file)} data-testid="attachment-save">
              {t('attachment.save')}
            </Button>
            {canChange && (
              <Button size="small" disabled={act.isBusy} onClick={() => void remove(file)} data-testid="detach">
                {t('attachment.remove')}
              </Button>
            )}
          </span>
        </div>
      ))}
      <Problem error={act.problem} onClose={act.clear} />
      {seen !== undefined && <AttachmentView file={seen.file} mediaType={seen.mediaType} onClose={() => setSeen(undefined)} />}
    </section>
  );
}
