// Puts the window on the page over a given connection: the product's, or a made-up one in development and tests.
import 'antd/dist/antd.css';
import './antd-colours.css';
import './app.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import type { StationConnection } from '../station/client.ts';
import { StationProvider } from '../station/StationProvider.tsx';
import { App } from './App.tsx';

export function start(connection: StationConnection): void {
  const root = document.getElementById('root');
  if (root === null) throw new Error('index.html has no #root');
  createRoot(root).render(
    <StrictMode>
      <StationProvider connection={connection}>
        <App />
      </StationProvider>
    </StrictMode>,
  );
}
