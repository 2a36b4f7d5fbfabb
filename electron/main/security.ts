// The floor under every window: no navigation, no second window, no permission, sandbox for all.
// Must not make exceptions for single pages: a page that needs more needs another design.
import { app, type Session, type WebPreferences } from 'electron';
import type { Log } from '../rpc/log.ts';

/** The one set of preferences every window is made with. */
export const pagePreferences = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  webSecurity: true,
  webviewTag: false,
  // The spell checker would fetch dictionaries from a foreign host.
  spellcheck: false,
  navigateOnDragDrop: false,
  disableDialogs: true,
} as const satisfies WebPreferences;

/** Must run before `ready`. */
export function setupSecurity(log: Log): void {
  // Quirk(Chromium, Linux as root): enableSandbox together with --no-sandbox is an endless crash loop.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  else log('warn', 'shell.noSandbox');
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => {
      log('warn', 'shell.navigationDenied');
      event.preventDefault();
    });
    contents.on('will-frame-navigate', (event) => {
      if (!event.isMainFrame) event.preventDefault();
    });
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}

export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  session.setPermissionCheckHandler((_contents, permission) => permission === 'clipboard-sanitized-write');
  session.setDevicePermissionHandler(() => false);
}
