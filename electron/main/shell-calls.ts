// The shell's own calls (shell.contract.ts): processes, preferences, saving, printing, the PIN window, the end.
// Must not do any of the station's work.
import path from 'node:path';
import { app, type BrowserWindow, dialog } from 'electron';
import type { HandlersOf } from '../contract/define.ts';
import type { ProcessView, ShellContract } from '../contract/shell.contract.ts';
import type { StationError } from '../contract/station-error.ts';
import type { Life } from '../processes/life.ts';
import type { Children } from './children.ts';
import { writeWhole } from './files.ts';
import { askPin } from './pin-window.ts';
import type { PreferenceStore } from './preferences.ts';
import { printPdf } from './printing.ts';
import { keepProfile } from './station-file.ts';
import type { Workspace } from './workspace.ts';

export interface ShellSeams {
  readonly window: BrowserWindow;
  readonly children: Children;
  readonly preferences: PreferenceStore;
  readonly workspace: Pick<Workspace, 'baseDir' | 'profile'>;
  /** What kept the office from being made ready; null so far as is known. */
  readonly problem: () => StationError | null;
  /** How often each child came back. */
  readonly restarts: Readonly<Record<ProcessView['name'], number>>;
}

export function shellCalls({ window, children, preferences, workspace, problem, restarts }: ShellSeams): HandlersOf<ShellContract, null> {
  let pinOpen = false;
  return {
    shell: {
      processes: () => (['station', 'tokenHost'] as const).map((name) => viewOf(name, children[name].life, restarts[name])),
      async restart({ name }) {
        await children[name].start();
        return {};
      },
      preferences: () => preferences.current(),
      setPreferences: (next) => preferences.set(next),
      async saveFile({ suggestedName, bytes }) {
        const { canceled, filePath } = await dialog.showSaveDialog(window, { defaultPath: path.basename(suggestedName) });
        if (canceled || !filePath) return { savedAs: null };
        await writeWhole(filePath, bytes);
        return { savedAs: filePath };
      },
      print: async ({ title, bytes }) => ({ printed: await printPdf(window, title, bytes) }),
      async askPin(request) {
        // A second window beside the first could take the PIN for another batch.
        if (pinOpen) return { loggedIn: false };
        pinOpen = true;
        try {
          return { loggedIn: await askPin(window, { ...request, ...preferences.current() }, children.tokenHost) };
        } finally {
          pinOpen = false;
        }
      },
      opened() {
        const found = problem();
        return { profile: workspace.profile, problem: found === null ? null : { code: found.code, details: found.details } };
      },
      async chooseProfile({ profile }) {
        await keepProfile(workspace.baseDir, profile);
        if (profile !== workspace.profile) setImmediate(startAnew);
        return {};
      },
      quit() {
        // After the answer is on its way.
        setImmediate(() => app.quit());
        return {};
      },
    },
  };
}

/** Takes effect after the orderly end. A profile named at this start must not win over the one just chosen. */
function startAnew(): void {
  const args = process.argv.slice(1).filter((arg) => !arg.startsWith('--profile='));
  // Quirk(AppImage): the mounted program is gone by then; the image itself is what can be started again.
  app.relaunch({ args, ...(process.env.APPIMAGE ? { execPath: process.env.APPIMAGE } : {}) });
  app.quit();
}

const stateOf = {
  stopped: 'stopped',
  starting: 'starting',
  ready: 'ready',
  stopping: 'stopping',
  killing: 'crashed',
  backoff: 'backoff',
  'given-up': 'givenUp',
} as const satisfies Record<Life['name'], ProcessView['state']>;

function viewOf(name: ProcessView['name'], life: Life, restarts: number): ProcessView {
  return { name, state: stateOf[life.name], restarts, retryInMs: life.name === 'backoff' ? life.delayMs : null };
}
