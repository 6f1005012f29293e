/** Plain numbers and ISO dates of the API → what a person reads, in their language and the tenant's time zone. */
import type { Cell, Language, Unit } from '@/api/types'

export const LOCALES: Record<Language, string> = { pt: 'pt-BR', en: 'en-US', es: 'es' }

const POINTS: Record<Language, string> = { pt: 'p.p.', en: 'pp', es: 'p.p.' }
const NOTHING = '–'
const NBSP = '\u00a0'
const MINUTE = 60
const HOUR = 3600
const DAY = 86_400

export interface ValueOptions {
  /** Decimals to show always, so that a column of figures lines up. */
  digits?: number
  /** The column's key: `month` and `week` columns hold the first day of theirs. */
  key?: string
}

export type Format = ReturnType<typeof createFormat>

const typeset = (text: string) => text.replaceAll('-', '−')

/**
 * How many decimals figures that stand together need (0–2): those of a column, or a value and what it was before. A mean rating has
 * two everywhere, so that 3,6 does not stand beside 3,27; percentages have as few as show every one of them.
 */
export function countDigits(unit: Unit, values: Cell[]): number {
  if (unit === 'score' || unit === 'rating') return 2
  if (unit === 'percent') return values.some((value) => typeof value === 'number' && !isWhole(value)) ? 1 : 0
  return 0
}

/** How many decimals a difference of this unit shows at most. */
const CHANGE_DIGITS: Partial<Record<Unit, number>> = { rating: 2, score: 2, percent: 1, count: 1, seconds: 1 }

/** A difference as a reader sees it: one that is shown as zero is zero, whatever is left behind its last decimal. */
export function seenChange(unit: Unit, difference: number): number {
  return meant(Math.abs(difference)) < 0.5 * 10 ** -(CHANGE_DIGITS[unit] ?? 3) ? 0 : difference
}

function isWhole(value: number): boolean {
  return Math.abs(value - Math.round(value)) < 0.005
}

/** `2025-11-03`, `2025-11` → noon of that calendar day in UTC, where no time zone can move it to another day. */
function readDay(text: string): Date | null {
  const found = /^(\d{4})-(\d{2})(?:-(\d{2}))?$/.exec(text)
  return found ? new Date(Date.UTC(Number(found[1]), Number(found[2]) - 1, Number(found[3] ?? 1), 12)) : null
}

/** What a number means in decimals: a mean of 0.115 may come as 0.11499999999999998, by the order in which its rows were summed. */
function meant(value: number): number {
  return Number(value.toFixed(11))
}

export function createFormat(language: Language, timeZone: string) {
  const locale = LOCALES[language]
  const known = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>()

  function cached<Made extends Intl.NumberFormat | Intl.DateTimeFormat>(name: string, make: () => Made): Made {
    const found = known.get(name) ?? make()
    known.set(name, found)
    return found as Made
  }
  const number = (value: number, options: Intl.NumberFormatOptions = {}) =>
    typeset(cached(`n${JSON.stringify(options)}`, () => new Intl.NumberFormat(locale, options)).format(meant(value)))
  const moment = (at: Date, options: Intl.DateTimeFormatOptions, zone = timeZone) =>
    cached(`d${zone}${JSON.stringify(options)}`, () => new Intl.DateTimeFormat(locale, { timeZone: zone, ...options })).format(at)
  const fixed = (digits: number | undefined, least: number, most: number): Intl.NumberFormatOptions => ({
    minimumFractionDigits: digits ?? least,
    maximumFractionDigits: digits ?? most,
  })

  const count = (value: number) => number(value, { maximumFractionDigits: Number.isInteger(value) ? 0 : 1 })
  const rating = (value: number, digits?: number) => number(value, fixed(digits, 1, 2))
  const percent = (value: number, digits?: number) => number(value / 100, { style: 'percent', ...fixed(digits, 0, 1) })
  const score = (value: number) => number(value, { ...fixed(2, 2, 2), signDisplay: 'exceptZero' })

  /** 45 s · 4 min 10 s · 1 h 05 min · 2 d 3 h */
  function duration(seconds: number): string {
    const sign = seconds < 0 ? '−' : ''
    const size = Math.abs(seconds)
    const total = Math.round(size)
    if (total < 10 && !isWhole(size)) return `${sign}${number(size, { maximumFractionDigits: 1 })}${NBSP}s`
    const join = (big: number, bigUnit: string, small: number, smallUnit: string, width = 1) =>
      sign + number(big) + NBSP + bigUnit + (small > 0 ? NBSP + String(small).padStart(width, '0') + NBSP + smallUnit : '')
    if (total < MINUTE) return `${sign}${total}${NBSP}s`
    if (total < HOUR) return join(Math.floor(total / MINUTE), 'min', total % MINUTE, 's')
    const minutes = Math.round(total / MINUTE)
    if (minutes < DAY / MINUTE) return join(Math.floor(minutes / 60), 'h', minutes % 60, 'min', 2)
    const hours = Math.round(total / HOUR)
    return join(Math.floor(hours / 24), 'd', hours % 24, 'h')
  }

  function day(text: string, options: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric' }): string {
    const at = readDay(text)
    return at ? moment(at, options, 'UTC') : text
  }

  function calendarDay(text: string, key?: string): string {
    if (key === 'month' || /^\d{4}-\d{2}$/.test(text)) return day(text, { month: 'short', year: 'numeric' })
    if (key === 'week') return day(text, { day: 'numeric', month: 'short' })
    return day(text)
  }

  const weekday = (value: number, width: 'short' | 'long' = 'long') => moment(new Date(Date.UTC(2024, 0, value, 12)), { weekday: width }, 'UTC')
  const hour = (value: number) => (language === 'pt' ? `${value}h` : `${String(value).padStart(2, '0')}:00`)
  const dateTime = (at: string) => moment(new Date(at), { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })

  /** One value in its unit; a dash where there is none. */
  function value(unit: Unit, cell: Cell | undefined, { digits, key }: ValueOptions = {}): string {
    if (cell === null || cell === undefined || cell === '') return NOTHING
    if (typeof cell === 'boolean') return cell ? '✓' : NOTHING
    if (typeof cell === 'string') {
      if (unit === 'date') return calendarDay(cell, key)
      return unit === 'datetime' && !Number.isNaN(Date.parse(cell)) ? dateTime(cell) : cell
    }
    switch (unit) {
      case 'count':
        return count(cell)
      case 'rating':
        return rating(cell, digits)
      case 'percent':
        return percent(cell, digits)
      case 'score':
        return score(cell)
      case 'seconds':
        return duration(cell)
      case 'hour':
        return hour(cell)
      case 'weekday':
        return weekday(cell)
      default:
        return number(cell)
    }
  }

  /** A difference with its sign, in the unit's own words: −0,48 · +3,2 p.p. · +1 min 10 s. */
  function change(unit: Unit, exact: number): string {
    const difference = seenChange(unit, exact)
    const sign = difference > 0 ? '+' : ''
    if (unit === 'percent') {
      return `${number(difference, { maximumFractionDigits: 1, signDisplay: 'exceptZero' })}${NBSP}${POINTS[language]}`
    }
    if (unit === 'rating') return number(difference, { ...fixed(2, 2, 2), signDisplay: 'exceptZero' })
    if (unit === 'score') return score(difference)
    return sign + value(unit, difference)
  }

  /** A value where there is little room, as along an axis. */
  function axis(unit: Unit, cell: Cell, key?: string): string {
    if (unit === 'date' && typeof cell === 'string') {
      const options: Intl.DateTimeFormatOptions = key === 'month' ? { month: 'short', year: '2-digit' } : { day: 'numeric', month: 'short' }
      return day(cell, options).replaceAll(/\.? de /g, ' ').replaceAll('.', '')
    }
    if (typeof cell !== 'number') return value(unit, cell, { key })
    if (unit === 'weekday') return weekday(cell, 'short').replace('.', '')
    if (unit === 'rating' || unit === 'score') return number(cell, { maximumFractionDigits: 2 })
    if (unit === 'count') return number(cell, { notation: 'compact', maximumFractionDigits: 1 })
    return value(unit, cell, { key })
  }

  /** From one day to another, both inclusive, saying once what they share: 1 – 9 de nov. de 2025. */
  function period(start: string, end: string): string {
    const [from, to] = [readDay(start), readDay(end)]
    if (!from || !to) return `${start} – ${end}`
    if (start === end) return day(start)
    const options: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }
    return cached('period', () => new Intl.DateTimeFormat(locale, options)).formatRange(from, to)
  }

  return {
    language,
    locale,
    timeZone,
    value,
    change,
    axis,
    count,
    rating,
    percent,
    duration,
    day,
    period,
    weekday,
    hour,
    dateTime,
    time: (at: string) => moment(new Date(at), { hour: '2-digit', minute: '2-digit' }),
    longDay: (at: string) => moment(new Date(at), { weekday: 'long', day: 'numeric', month: 'long' }),
    fullMoment: (at: string) => moment(new Date(at), { dateStyle: 'long', timeStyle: 'short' }),
    /** The calendar day of an instant in the tenant's time zone, as `2025-11-09`. */
    dayOf: (at: Date) => new Intl.DateTimeFormat('en-CA', { timeZone }).format(at),
    took: (milliseconds: number) =>
      milliseconds < 1000
        ? `${number(milliseconds, { maximumFractionDigits: 0 })}${NBSP}ms`
        : `${number(milliseconds / 1000, { maximumFractionDigits: 1 })}${NBSP}s`,
  }
}
