/** The colours of satisfaction: one step a point of the scale, never shown without the number. */
const FILLS = ['bg-scale-1', 'bg-scale-2', 'bg-scale-3', 'bg-scale-4', 'bg-scale-5'] as const
const INKS = ['var(--scale-1)', 'var(--scale-2)', 'var(--scale-3)', 'var(--scale-4)', 'var(--scale-5)'] as const

/** A satisfaction from 1 to 5, or between, → the nearest step, 0 to 4. */
function stepOf(satisfaction: number): number {
  return Math.min(5, Math.max(1, Math.round(satisfaction))) - 1
}

export function satisfactionFill(satisfaction: number): string {
  return FILLS[stepOf(satisfaction)]!
}

export function satisfactionInk(satisfaction: number): string {
  return INKS[stepOf(satisfaction)]!
}

