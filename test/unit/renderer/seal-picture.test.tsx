import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { SealPicture } from '../../../renderer/ui/SealPicture.tsx';

const draw = (ringText: string, lowerText: string, centre: 'star' | 'none' = 'star') =>
  renderToStaticMarkup(<SealPicture image={{ format: 'round', diameterMm: 42, ringText, centre, lowerText }} name={ringText} size={120} />);
const angles = (svg: string) => [...svg.matchAll(/rotate\((-?[\d.]+)\)/g)].map(([, angle]) => Number(angle));

describe('SealPicture', () => {
  it('sets each character of the name upright on the rim, the same on both sides', () => {
    const found = angles(draw('马桥镇人民政府', ''));
    expect(found).toHaveLength(7);
    expect(found[3]).toBeCloseTo(0);
    expect((found[0] ?? 0) + (found[6] ?? 0)).toBeCloseTo(0);
  });

  it('counts characters beyond the basic plane as one', () => {
    expect(angles(draw('𠮷田村民委员会', ''))).toHaveLength(7);
  });

  it('keeps a long name clear of the line at the foot', () => {
    const found = angles(draw('襄阳市保康县马桥镇尧治河村股份经济合作联合社', '行政审批专用章'));
    expect(Math.max(...found.map(Math.abs))).toBeLessThanOrEqual(108.01);
  });

  it('draws the star and the line only where the seal has them, all in red, with its name for a screen reader', () => {
    const svg = draw('马桥镇人民政府', '专用章', 'none');
    expect(svg).not.toContain('<polygon');
    expect(svg).toContain('专用章');
    expect(svg).toContain('aria-label="马桥镇人民政府"');
    expect(new Set(svg.match(/#[0-9a-f]{6}/g))).toEqual(new Set(['#c8161d']));
  });
});
