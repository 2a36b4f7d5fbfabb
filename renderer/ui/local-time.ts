// Days and times as the office reads them: always UTC+8 (R01), whatever the computer's zone is.
import type { Language } from '../station/language.tsx';

const EIGHT_HOURS_MS = 8 * 3_600_000;

/** An instant as local date and time to the minute. */
export function localTime(instant: string): string {
  return shifted(instant).slice(0, 16).replace('T', ' ');
}

/** To the second, where order matters. */
export function localSeconds(instant: string): string {
  return shifted(instant).slice(0, 19).replace('T', ' ');
}

export const localDay = (instant: string): string => shifted(instant).slice(0, 10);

function shifted(instant: string): string {
  return new Date(Date.parse(instant) + EIGHT_HOURS_MS).toISOString();
}

const weekdays: Readonly<Record<Language, readonly string[]>> = {
  zh: ['周日', '周一', '周二', '周三', '周四', '周五', '周六'],
  en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
};
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `11月22日 周日` or `Sun 22 Nov`. */
export function dayWithWeekday(day: string, language: Language): string {
  const [year, month, date] = day.split('-').map(Number);
  const weekday = weekdays[language][new Date(Date.UTC(year ?? 1970, (month ?? 1) - 1, date ?? 1)).getUTCDay()] ?? '';
  return language === 'zh' ? `${month}月${date}日 ${weekday}` : `${weekday} ${date} ${months[(month ?? 1) - 1] ?? ''}`;
}

/** Minutes from `nowMs` (epoch) to the local time `HH:MM` of the same local day; negative when past. */
export function minutesUntil(closesAt: string, nowMs: number): number {
  const [hours, minutes] = closesAt.split(':').map(Number);
  const local = new Date(nowMs + EIGHT_HOURS_MS);
  return (hours ?? 0) * 60 + (minutes ?? 0) - (local.getUTCHours() * 60 + local.getUTCMinutes());
}
