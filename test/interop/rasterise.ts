// Pages as pixels by poppler's pdftoppm.
import { execFileSync } from 'node:child_process';

export interface Picture {
  readonly dpi: number;
  readonly width: number;
  readonly height: number;
  /** One byte a pixel in grey, three in RGB. */
  readonly pixels: Uint8Array;
}

export function rasterise(pdfPath: string, dpi: number, mode: 'grey' | 'rgb'): Picture {
  const args = ['-r', String(dpi), '-singlefile', ...(mode === 'grey' ? ['-gray'] : []), pdfPath];
  const pnm = execFileSync('pdftoppm', args, { maxBuffer: 256 << 20, stdio: ['ignore', 'pipe', 'ignore'] });
  return readPnm(pnm, dpi);
}

export function readPnm(pnm: Buffer, dpi: number): Picture {
  const header = /^P[56]\n(\d+) (\d+)\n255\n/.exec(pnm.toString('latin1', 0, 40));
  if (!header) throw new Error('pdftoppm gave no picture');
  return { dpi, width: Number(header[1]), height: Number(header[2]), pixels: new Uint8Array(pnm.subarray(header[0].length)) };
}
