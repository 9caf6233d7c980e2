import type { ReactNode } from 'react'
import { MarkerLine } from './marker-line.tsx'
import { type Marker, pathOf, type Spot, wordedOf } from './plane.ts'

type Props = {
  lines: readonly (readonly Spot[])[]
  markers: readonly Marker[]
  ticks: readonly number[]
  /** Where a moment and a value stand, in hundredths of the width and the height. */
  x(at: Date): number
  y(value: number): number
  /** A large drawing has larger words and no surface below its lines. */
  size: 'large' | 'small'
  className: string
  children?: ReactNode
}

/** Lines over time before their scale, with the marks; `children` are drawn over it. Words keep their size at every width. */
export function LinePlane({ lines, markers, ticks, x, y, size, className, children }: Props) {
  const isLarge = size === 'large'
  const worded = wordedOf(markers, x, isLarge ? 14 : 42)
  return (
    <svg className={`w-full overflow-visible ${className}`} aria-hidden="true">
      {ticks.map(tick => (
        <g key={tick}>
          <line x1="0" x2="100%" y1={`${y(tick)}%`} y2={`${y(tick)}%`} className="stroke-hair" />
          <text
            x="100%"
            dx="8"
            y={`${y(tick)}%`}
            dy="0.32em"
            className={`fill-ink-3 ${isLarge ? 'text-[0.75rem]' : 'text-[0.6875rem]'}`}
          >
            {tick}
          </text>
        </g>
      ))}
      {markers.map(marker => (
        <MarkerLine
          key={`${marker.at.getTime()} ${marker.label}`}
          x={x(marker.at)}
          label={worded.has(marker) ? marker.label : null}
        />
      ))}
      <svg
        viewBox="0 0 100 100"
        preserveAspectRatio="none"
        width="100%"
        height="100%"
        className="overflow-visible"
        aria-hidden="true"
      >
        {lines.map(line => {
          const path = pathOf(line, x, y)
          return (
            <g key={line[0]?.at.getTime()}>
              {!isLarge && (
                <path
                  d={`${path}V100H${x(line[0]?.at ?? new Date(0)).toFixed(2)}Z`}
                  className="fill-brand-soft"
                  opacity="0.65"
                />
              )}
              <path
                d={path}
                fill="none"
                className="stroke-brand"
                strokeWidth="2"
                strokeLinejoin="round"
                strokeLinecap="round"
                vectorEffect="non-scaling-stroke"
              />
            </g>
          )
        })}
      </svg>
      {children}
    </svg>
  )
}
