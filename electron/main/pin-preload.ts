// The door of the PIN page: what to ask for, one way to answer, one way to give up. It cannot name a grant or a key.
// Must not keep the PIN: it is passed on as it comes.
import { contextBridge, ipcRenderer } from 'electron';
import type { PinBridge } from '../contract/pin-bridge.ts';

const bridge: PinBridge = {
  question: () => ipcRenderer.invoke('pin:question'),
  login: (pin) => ipcRenderer.invoke('pin:login', pin),
  cancel: () => ipcRenderer.send('pin:cancel'),
};

contextBridge.exposeInMainWorld('pin', bridge);
