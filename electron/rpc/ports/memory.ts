// Two joined Ports within one process, for tests and for hosts that run both halves.
// Must not pass references: frames are cloned as between processes, and arrive later, in order.
import { type Port, type PortEars, portEars } from '../port.ts';

export function memoryPorts(): readonly [Port, Port] {
  const left = portEars();
  const right = portEars();
  const end = (mine: PortEars, theirs: PortEars) => {
    if (mine.end()) queueMicrotask(() => theirs.end());
  };
  const half = (mine: PortEars, theirs: PortEars): Port => ({
    onMessage: mine.onMessage,
    onClose: mine.onClose,
    post(frame) {
      if (mine.isClosed()) return;
      const copy: unknown = structuredClone(frame);
      queueMicrotask(() => theirs.hear(copy));
    },
    close: () => end(mine, theirs),
  });
  return [half(left, right), half(right, left)];
}
