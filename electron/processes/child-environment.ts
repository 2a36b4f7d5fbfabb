// What a child program may see of the environment: an allow-list, so that no variable can load code into the process
// that touches keys (NODE_OPTIONS, LD_PRELOAD, ELECTRON_RUN_AS_NODE …).
// Must not read process.env: the host gives it.

const ALLOWED = [
  'PATH',
  'HOME',
  'USER',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'TZ',
  'TMPDIR',
  'TEMP',
  'TMP',
  // Windows: without these neither DLLs nor the temporary and profile folders are found.
  'SystemRoot',
  'SystemDrive',
  'windir',
  'USERPROFILE',
  'APPDATA',
  'LOCALAPPDATA',
  'ProgramData',
];

export type Environment = Readonly<Record<string, string | undefined>>;

/** `extras` are named one by one by the host, such as SOFTHSM2_CONF. */
export function childEnvironment(own: Environment, extras: Readonly<Record<string, string>> = {}): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of ALLOWED) {
    const value = own[name];
    if (value !== undefined) kept[name] = value;
  }
  return { ...kept, ...extras };
}
