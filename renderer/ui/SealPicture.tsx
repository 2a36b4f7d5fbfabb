// The picture of a seal, drawn by its rule in true proportion. Red belongs to these alone.
import type { SealImage } from '../../electron/contract/office.ts';

const TAU = Math.PI * 2;

interface SealPictureProps {
  readonly image: SealImage;
  readonly name: string;
  readonly size: number;
}

export function SealPicture({ image, name, size }: SealPictureProps) {
  if (image.format === 'png') return <img className="seal-picture" src={`data:image/png;base64,${image.data}`} alt={name} height={size} />;
  const { diameterMm, ringText, centre, lowerText } = image;
  const radius = diameterMm / 2;
  const border = diameterMm * 0.029;
  const letters = [...ringText];
  // With a line of text at the foot the name keeps clear of it.
  const reach = lowerText === '' ? 270 : 216;
  const letterMm = Math.min(diameterMm * 0.15, (diameterMm * reach * 0.0072) / letters.length);
  const ringRadius = radius - border - letterMm * 0.72;
  const span = Math.min((reach / 360) * TAU, (letters.length * letterMm * 1.32) / ringRadius);
  const angleOf = (index: number) => (letters.length === 1 ? 0 : -span / 2 + (span * index) / (letters.length - 1));
  return (
    <svg
      className="seal-picture"
      role="img"
      aria-label={name}
      width={size}
      height={size}
      viewBox={`${-radius} ${-radius} ${diameterMm} ${diameterMm}`}
      fill="#c8161d"
    >
      <circle r={radius - border / 2} fill="none" stroke="#c8161d" strokeWidth={border} />
      {letters.map((letter, index) => (
        <text
          // biome-ignore lint/suspicious/noArrayIndexKey: the place on the rim is what a letter is
          key={index}
          fontSize={letterMm}
          textAnchor="middle"
          fontFamily="'SimSun', 'Noto Serif CJK SC', 'Songti SC', serif"
          fontWeight="600"
          transform={`rotate(${(angleOf(index) / TAU) * 360}) translate(0 ${-ringRadius + letterMm * 0.36})`}
        >
          {letter}
        </text>
      ))}
      {centre === 'star' && <polygon points={starPoints(diameterMm * 0.165)} />}
      {lowerText !== '' && (
        <text
          y={diameterMm * 0.35}
          fontSize={Math.min(diameterMm * 0.1, (diameterMm * 0.58) / [...lowerText].length)}
          textAnchor="middle"
          fontFamily="'SimSun', 'Noto Serif CJK SC', 'Songti SC', serif"
          fontWeight="600"
        >
          {lowerText}
        </text>
      )}
    </svg>
  );
}

function starPoints(outer: number): string {
  const inner = outer * 0.382;
  return Array.from({ length: 10 }, (_, index) => {
    const reach = index % 2 === 0 ? outer : inner;
    const angle = (index / 10) * TAU - TAU / 4;
    return `${(reach * Math.cos(angle)).toFixed(3)},${(reach * Math.sin(angle)).toFixed(3)}`;
  }).join(' ');
}
