// What calls travel over: anything that carries structured clones in order, both ways, until it closes.
// Must not know any transport, and imports nothing: the window uses it too.

export interface Port {
  /** Never throws for a closed port (the frame is dropped); throws for a value that cannot be cloned. */
  post(frame: unknown): void;
  /** Returns how to stop listening. */
  onMessage(listener: (frame: unknown) => void): () => void;
  /** Told once; told at once when the port is closed already. */
  onClose(listener: () => void): () => void;
  close(): void;
}

/** The listeners of one port, the same bookkeeping for every transport. */
export interface PortEars {
  readonly onMessage: Port['onMessage'];
  readonly onClose: Port['onClose'];
  hear(frame: unknown): void;
  /** Answers false when the port was closed before. */
  end(): boolean;
  isClosed(): boolean;
}

export function portEars(): PortEars {
  const messageListeners = new Set<(frame: unknown) => void>();
  const closeListeners = new Set<() => void>();
  let closed = false;
  return {
    onMessage(listener) {
      messageListeners.add(listener);
      return () => messageListeners.delete(listener);
    },
    onClose(listener) {
      if (closed) listener();
      else closeListeners.add(listener);
      return () => closeListeners.delete(listener);
    },
    hear(frame) {
      if (closed) return;
      for (const listener of [...messageListeners]) listener(frame);
    },
    end() {
      if (closed) return false;
      closed = true;
      for (const listener of [...closeListeners]) listener();
      messageListeners.clear();
      closeListeners.clear();
      return true;
    },
    isClosed: () => closed,
  };
}
