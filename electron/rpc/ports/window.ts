// The window's Port over the two functions its preload exposes; replies and events both come by `onFrame`.
// Must not import anything of Node or electron.
import { type Port, portEars } from '../port.ts';

export interface WindowBridge {
  call(frame: unknown): void;
  onFrame(listener: (frame: unknown) => void): void;
}

/** Never closes by itself: the window outlives the station, and the router answers PROCESS_GONE for it. */
export function windowPort(bridge: WindowBridge): Port {
  const ears = portEars();
  bridge.onFrame(ears.hear);
  return {
    onMessage: ears.onMessage,
    onClose: ears.onClose,
    post(frame) {
      if (!ears.isClosed()) bridge.call(frame);
    },
    close: () => void ears.end(),
  };
}
