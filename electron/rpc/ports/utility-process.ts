// Both ends of an Electron utility process as Ports, by the shape of Electron's objects only.
// Must not import electron: the children run under plain Node too.
import { type Port, portEars } from '../port.ts';

/** What is used of Electron's `UtilityProcess` (in main). */
export interface UtilityProcessLike {
  readonly pid: number | undefined;
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
  on(event: 'spawn', listener: () => void): unknown;
  kill(): boolean;
  readonly stdout: NodeJS.ReadableStream | null;
  readonly stderr: NodeJS.ReadableStream | null;
}

/** What is used of Electron's `process.parentPort` (in the child); messages come wrapped as `{data}`. */
export interface ParentPortLike {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
}

/** Host side. */
export function utilityProcessPort(child: UtilityProcessLike): Port {
  const ears = portEars();
  child.on('message', ears.hear);
  child.on('exit', ears.end);
  return {
    onMessage: ears.onMessage,
    onClose: ears.onClose,
    post(frame) {
      if (!ears.isClosed()) child.postMessage(frame);
    },
    close() {
      if (ears.end()) child.kill();
    },
  };
}

/** Child side. Never closes by itself: Electron ends a utility process together with its main process. */
export function parentPortPort(parentPort: ParentPortLike): Port {
  const ears = portEars();
  parentPort.on('message', (event) => ears.hear(event.data));
  return {
    onMessage: ears.onMessage,
    onClose: ears.onClose,
    post(frame) {
      if (!ears.isClosed()) parentPort.postMessage(frame);
    },
    close: () => void ears.end(),
  };
}
