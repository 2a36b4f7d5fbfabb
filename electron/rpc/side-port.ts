// Two Ports over one: the child's own calls, and beside them the frames it exchanges with another process through its
// host, wrapped as `{relay: frame}`. Must not look into the frames.
import { z } from 'zod';
import type { Port } from './port.ts';

const RelayWrap = z.strictObject({ relay: z.unknown() });

export interface SplitPort {
  readonly main: Port;
  readonly side: Port;
}

export function splitPort(port: Port): SplitPort {
  const listen = (isSide: boolean, pick: (frame: unknown) => unknown) => (listener: (frame: unknown) => void) =>
    port.onMessage((raw) => {
      const wrapped = RelayWrap.safeParse(raw);
      if (wrapped.success === isSide) listener(pick(wrapped.success ? wrapped.data.relay : raw));
    });
  return {
    main: { ...port, onMessage: listen(false, (frame) => frame) },
    side: { ...port, post: (frame) => port.post({ relay: frame }), onMessage: listen(true, (frame) => frame) },
  };
}
