// One attached file before the eyes: what is approved and sealed is also what lies in it.
import { useEffect, useState } from 'react';
import type { AttachmentType } from '../../../electron/contract/licence.ts';
import type { FileOut } from '../../../electron/contract/work.ts';
import { Dialogue } from '../../ui/Dialogue.tsx';
import { PdfPage } from '../../ui/PdfPage.tsx';

interface AttachmentViewProps {
  readonly file: FileOut;
  readonly mediaType: AttachmentType;
  readonly onClose: () => void;
}

export function AttachmentView({ file, mediaType, onClose }: AttachmentViewProps) {
  return (
    <Dialogue title={file.fileName} isOpen onClose={onClose} width={900}>
      <div style={{ height: '62vh', display: 'grid' }} data-testid="attachment-view">
        {mediaType === 'application/pdf' ? <PdfPage bytes={file.bytes} label={file.fileName} /> : <Picture file={file} type={mediaType} />}
      </div>
    </Dialogue>
  );
}

function Picture({ file, type }: { readonly file: FileOut; readonly type: AttachmentType }) {
  const [url, setUrl] = useState<string | undefined>(undefined);
  useEffect(() => {
    // A copy: a Blob takes no view of shared memory, and a frame's bytes may be one.
    const made = URL.createObjectURL(new Blob([file.bytes.slice()], { type }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file, type]);
  return <img src={url} alt={file.fileName} style={{ maxWidth: '100%', maxHeight: '62vh', margin: 'auto' }} />;
}
