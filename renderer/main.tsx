// Entry of the product's window. Runs only inside the shell: window.station is what the preload exposes.
import './station/no-eval.ts';
import { type WindowBridge, windowPort } from '../electron/rpc/ports/window.ts';
import { start } from './app/start.tsx';
import { connectStation } from './station/client.ts';

declare global {
  interface Window {
    readonly station: WindowBridge;
  }
}

start(connectStation(windowPort(window.station)));
