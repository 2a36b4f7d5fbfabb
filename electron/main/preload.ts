// The one door between the window and the shell: frames out, frames in. The typed client is built in the renderer.
// Must stay without logic and without any other channel: whatever is exposed here, a page can call.
import { contextBridge, ipcRenderer } from 'electron';
import type { WindowBridge } from '../rpc/ports/window.ts';

const bridge: WindowBridge = {
  call: (frame) => ipcRenderer.send('station:call', frame),
  onFrame: (listener) => {
    ipcRenderer.on('station:event', (_event, frame: unknown) => listener(frame));
  },
};

contextBridge.exposeInMainWorld('station', bridge);
