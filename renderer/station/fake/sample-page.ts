// A one-page PDF for development screens, written by hand: enough for the page view to draw something true to size.
export function samplePage(lines: readonly string[]): Uint8Array {
  const ascii = (text: string) => text.replaceAll(/[^ -~]/g, '?').replaceAll(/[()\\]/g, '\\$&');
  const text = lines.map((line, index) => `BT /F1 ${index === 0 ? 22 : 12} Tf 70 ${760 - index * 34} Td (${ascii(line)}) Tj ET`).join('\n');
  const stream = `1 w 40 40 515 762 re S\n${text}`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let file = '%PDF-1.7\n';
  const offsets = objects.map((body, index) => {
    const at = file.length;
    file += `${index + 1} 0 obj\n${body}\nendobj\n`;
    return at;
  });
  const xref = file.length;
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('')}`;
  file += `trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${xref}\n%%EOF\n`;
  return new TextEncoder().encode(file);
}
