// The door of the print page: the bytes in, "drawn" or "failed" out.
// Must stay without logic.
import { contextBridge, ipcRenderer } from 'electron';
import type { PrintBridge } from '../contract/print-bridge.ts';

const bridge: PrintBridge = {
  bytes: () => ipcRenderer.invoke('print:bytes'),
  drawn: (sheet) => ipcRenderer.send('print:drawn', sheet),
  failed: () => ipcRenderer.send('print:failed'),
};

contextBridge.exposeInMainWorld('printing', bridge);
