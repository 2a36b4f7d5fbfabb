// Takes one file by dropping or browsing and hands over its bytes; refuses what is too large before reading it.
import { CloudUploadOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import { StationError } from '../../electron/contract/station-error.ts';
import { useWords } from '../station/language.tsx';
import { Problem } from './Problem.tsx';

const LIMIT_MB = 32;
const MB = 1_048_576;

interface FileDropProps {
  readonly title: string;
  readonly hint: ReactNode;
  /** As of an input's accept attribute; a guide for browsing only. */
  readonly accept: string;
  readonly isBusy: boolean;
  readonly onFile: (fileName: string, bytes: Uint8Array) => void;
  /** Another file is coming: what was said of the last one may go. */
  readonly onTaking?: () => void;
  readonly isSmall?: boolean;
  readonly className?: string;
}

export function FileDrop({ title, hint, accept, isBusy, onFile, onTaking, isSmall = false, className = '' }: FileDropProps) {
  const { t } = useWords();
  const [isOver, setOver] = useState(false);
  const [problem, setProblem] = useState<StationError | undefined>(undefined);
  const input = useRef<HTMLInputElement>(null);

  const take = async (file: File | undefined) => {
    if (file === undefined) return;
    const fileName = file.name.slice(-200);
    setProblem(undefined);
    onTaking?.();
    if (file.size > LIMIT_MB * MB) {
      setProblem(new StationError('FILE_TOO_LARGE', { fileName, sizeMb: Math.ceil(file.size / MB), limitMb: LIMIT_MB }));
      return;
    }
    try {
      onFile(fileName, new Uint8Array(await file.arrayBuffer()));
    } catch (cause) {
      setProblem(new StationError('FILE_UNREADABLE', { fileName }, { cause }));
    }
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  };

  return (
    <>
      <section
        className={`drop ${isOver ? 'is-over' : ''} ${className}`}
        style={isSmall ? { flexDirection: 'row', flexWrap: 'wrap', padding: '8px 16px' } : {}}
        aria-label={title}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
        data-testid="file-drop"
      >
        {!isSmall && <CloudUploadOutlined className="icon" aria-hidden="true" />}
        <div className="strong">{title}</div>
        <div className="quiet">{hint}</div>
        <input
          ref={input}
          type="file"
          hidden
          accept={accept}
          aria-label={title}
          data-testid="file-input"
          onChange={(event) => {
            void take(event.target.files?.[0]);
            event.target.value = '';
          }}
        />
        <Button loading={isBusy} onClick={() => input.current?.click()} data-testid="file-browse">
          {t('ui.browse')}
        </Button>
      </section>
      <Problem error={problem} onClose={() => setProblem(undefined)} />
    </>
  );
}
