// Development entry: the window over a made-up station. `?rows=10000&person=wang&import=checked&language=en&large=1&profile=production&office=none`
// Must not be reachable from index.html.
import './station/no-eval.ts';
import { LicenceType } from '../electron/contract/catalogue.ts';
import { RulePack } from '../electron/contract/office.ts';
import type { Profile } from '../electron/contract/values.ts';
import caifa from '../resources/catalogue/types/caifa.json';
import guihua from '../resources/catalogue/types/guihua.json';
import xiaozuofang from '../resources/catalogue/types/xiaozuofang.json';
import zhaijidi from '../resources/catalogue/types/zhaijidi.json';
import rules from '../resources/rules/hubei-2026.json';
import { start } from './app/start.tsx';
import { fakeStation } from './station/fake/fake-station.ts';

const asked = new URLSearchParams(location.search);
const profiles: Readonly<Record<string, Profile>> = { training: 'training', acceptance: 'acceptance', production: 'production' };
const broken = asked.get('broken');

start(
  fakeStation({
    types: [zhaijidi, guihua, caifa, xiaozuofang].map((type) => LicenceType.parse(type)),
    rules: RulePack.parse(rules),
    rows: Number(asked.get('rows') ?? 240),
    signedIn: asked.get('person') ?? undefined,
    preferences: { language: asked.get('language') === 'en' ? 'en' : 'zh', largePrint: asked.get('large') === '1' },
    profile: profiles[asked.get('profile') ?? ''] ?? 'training',
    hasOffice: asked.get('office') !== 'none',
    importState: asked.get('import') === 'checked' ? 'checked' : undefined,
    processes: broken === null ? [] : [{ name: 'station', state: broken === 'up' ? 'givenUp' : 'backoff', restarts: 5, retryInMs: null }],
  }).connection,
);
