// Both ends of a child_process IPC channel (serialization 'advanced') as Ports.
// Must not start or end processes.
import type { ChildProcess } from 'node:child_process';
import { type Port, portEars } from '../port.ts';

/** Host side. Closes when the channel does; the exit itself is the process host's business. */
export function childProcessPort(child: ChildProcess): Port {
  // Invariant: called in the tick of the fork, so that no frame comes before there is an ear.
  const ears = portEars();
  child.on('message', ears.hear);
  child.on('disconnect', ears.end);
  child.on('error', ears.end);
  return {
    onMessage: ears.onMessage,
    onClose: ears.onClose,
    post(frame) {
      // Why a callback: without one a child that died in between makes `send` emit 'error'. Its exit is reported anyway.
      if (!ears.isClosed() && child.connected) child.send(toSerializable(frame), () => undefined);
    },
    close() {
      if (child.connected) child.disconnect();
      ears.end();
    },
  };
}

/** Child side. `process.send` with a dead parent is an unhandled EPIPE unless it has a callback. */
export function parentProcessPort(self: NodeJS.Process): Port {
  const ears = portEars();
  self.on('message', ears.hear);
  self.on('disconnect', ears.end);
  return {
    onMessage: ears.onMessage,
    onClose: ears.onClose,
    post(frame) {
      if (!ears.isClosed() && self.connected) self.send?.(toSerializable(frame), undefined, undefined, () => undefined);
    },
    close() {
      if (self.connected) self.disconnect?.();
      ears.end();
    },
  };
}

/** Node types what it can send as JSON-like; in 'advanced' mode structured clone decides, and throws for the rest. */
function toSerializable(frame: unknown): object {
  if (typeof frame !== 'object' || frame === null) throw new TypeError('a frame is an object');
  return frame;
}
