import { describe, expect, it } from 'vitest'

import type { Cell, Language, Unit } from '@/api/types'

import { countDigits, createFormat } from './format'

const formats = {
  pt: createFormat('pt', 'America/Sao_Paulo'),
  en: createFormat('en', 'America/Sao_Paulo'),
  es: createFormat('es', 'America/Sao_Paulo'),
}
/** Intl puts hard and thin spaces between a number and its unit; a reader of this table sees plain ones. */
const plain = (text: string) => text.replaceAll(/[\u00a0\u202f\u2009]/g, ' ')

describe('values in three languages', () => {
  it.each<[Unit, Cell, string, string, string]>([
    ['count', 1284, '1.284', '1,284', '1284'],
    ['count', 12840, '12.840', '12,840', '12.840'],
    ['rating', 4.3, '4,3', '4.3', '4,3'],
    ['rating', 4.256, '4,26', '4.26', '4,26'],
    ['rating', 4, '4,0', '4.0', '4,0'],
    ['percent', 87.5, '87,5%', '87.5%', '87,5 %'],
    ['percent', 40, '40%', '40%', '40 %'],
    ['score', -0.4, '−0,40', '−0.40', '−0,40'],
    ['score', 0.125, '+0,13', '+0.13', '+0,13'],
    ['score', 0, '0,00', '0.00', '0,00'],
    // 0.115, its rows summed in another order: the page says what the words say.
    ['score', 0.11499999999999998, '+0,12', '+0.12', '+0,12'],
    ['percent', 11.449999999999998, '11,5%', '11.5%', '11,5 %'],
    ['date', '2025-11-03', '3 de nov. de 2025', 'Nov 3, 2025', '3 nov 2025'],
    ['hour', 14, '14h', '14:00', '14:00'],
    ['weekday', 1, 'segunda-feira', 'Monday', 'lunes'],
    ['weekday', 7, 'domingo', 'Sunday', 'domingo'],
    ['text', 'Ana Souza', 'Ana Souza', 'Ana Souza', 'Ana Souza'],
    ['rating', null, '–', '–', '–'],
  ])('%s %s', (unit, value, pt, en, es) => {
    const seen = (language: Language) => plain(formats[language].value(unit, value))
    expect([seen('pt'), seen('en'), seen('es')]).toEqual([pt, en, es])
  })
})

describe('durations', () => {
  it.each([
    [0, '0 s'],
    [2.4, '2,4 s'],
    [45, '45 s'],
    [59.6, '1 min'],
    [250, '4 min 10 s'],
    [240, '4 min'],
    [3599.7, '1 h'],
    [3900, '1 h 05 min'],
    [86_399, '1 d'],
    [183_600, '2 d 3 h'],
    [-70, '−1 min 10 s'],
  ])('%d seconds', (seconds, expected) => {
    expect(plain(formats.pt.duration(seconds))).toBe(expected)
  })
})

describe('changes carry their sign and their unit', () => {
  it.each<[Unit, number, string]>([
    ['rating', -0.48, '−0,48'],
    ['rating', 0.1, '+0,10'],
    ['rating', 0, '0,00'],
    ['rating', 0.004, '0,00'],
    ['rating', -0.004, '0,00'],
    ['rating', 0.005, '+0,01'],
    ['percent', 3.2, '+3,2 p.p.'],
    ['percent', -0.04, '0 p.p.'],
    ['percent', -12, '−12 p.p.'],
    ['count', 31, '+31'],
    ['count', -4, '−4'],
    ['seconds', 70, '+1 min 10 s'],
    ['seconds', -0.03, '0 s'],
  ])('%s %d', (unit, difference, expected) => {
    expect(plain(formats.pt.change(unit, difference))).toBe(expected)
  })
})

describe('days and moments', () => {
  it('never moves a calendar day, wherever the browser is', () => {
    expect(createFormat('pt', 'Pacific/Auckland').value('date', '2025-11-03')).toBe('3 de nov. de 2025')
    expect(createFormat('pt', 'Pacific/Honolulu').value('date', '2025-11-03')).toBe('3 de nov. de 2025')
  })

  it('shows an instant in the time zone of the tenant', () => {
    expect(formats.pt.time('2025-11-09T02:30:00Z')).toBe('23:30')
    expect(formats.pt.dayOf(new Date('2025-11-09T02:30:00Z'))).toBe('2025-11-08')
    expect(formats.pt.value('datetime', '2025-11-09T02:30:00Z')).toBe('8 de nov., 23:30')
  })

  it('names a month by the first day of it, and a week by its Monday', () => {
    expect(formats.pt.value('date', '2025-11-01', { key: 'month' })).toBe('nov. de 2025')
    expect(formats.pt.value('date', '2025-11')).toBe('nov. de 2025')
    expect(formats.pt.value('date', '2025-11-03', { key: 'week' })).toBe('3 de nov.')
  })

  it('says once what both ends of a period share', () => {
    expect(plain(formats.pt.period('2025-11-01', '2025-11-09'))).toBe('1 – 9 de nov. de 2025')
    expect(formats.pt.period('2025-11-03', '2025-11-03')).toBe('3 de nov. de 2025')
  })
})

it.each([
  [84, '84 ms'],
  [1240, '1,2 s'],
])('took %d ms', (milliseconds, expected) => {
  expect(plain(formats.pt.took(milliseconds))).toBe(expected)
})

describe('figures that stand together have the same decimals', () => {
  it.each<[Unit, Cell[], number]>([
    ['rating', [4, 4.5, null], 2],
    ['rating', [4, 4.53], 2],
    ['percent', [40, 50], 0],
    ['percent', [40, 50.5], 1],
    ['score', [0.1], 2],
    ['count', [1, 2], 0],
  ])('%s %s', (unit, values, digits) => {
    expect(countDigits(unit, values)).toBe(digits)
  })
})
