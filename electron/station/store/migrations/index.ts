// Every migration, in order, listed by hand (reading a folder breaks inside a package). Steps of 10 leave room for mends.
import { begin } from './0010-begin.ts';
import { attachments } from './0020-attachments.ts';

export const migrations = [begin, attachments] as const;
