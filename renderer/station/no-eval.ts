// Must be imported before anything that makes a schema: zod would otherwise try eval, which the strict CSP forbids.
import { z } from 'zod';

z.config({ jitless: true });
