// What stands under a picture of days: each day's number, and what the bars mean.

interface DayAxisProps {
  /** Oldest first, as the bars above. */
  readonly days: readonly { readonly day: string }[];
  readonly legend: readonly { readonly bar: 'b1' | 'b2' | 'b3'; readonly text: string }[];
}

export function DayAxis({ days, legend }: DayAxisProps) {
  return (
    <>
      <div className="bar-days" aria-hidden="true">
        {days.map(({ day }) => (
          <span key={day}>{Number(day.slice(8))}</span>
        ))}
      </div>
      <div className="legend" style={{ padding: '0 14px 8px' }}>
        {legend.map(({ bar, text }) => (
          <span key={bar}>
            <i className={bar} />
            {text}
          </span>
        ))}
      </div>
    </>
  );
}
