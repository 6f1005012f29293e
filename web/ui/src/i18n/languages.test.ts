import { describe, expect, it } from 'vitest'

import { guessLanguage } from '.'
import en from './en.json'
import es from './es.json'
import pt from './pt.json'

type Words = { [key: string]: string | Words }

const list = (words: Words, before = ''): [string, string][] =>
  Object.entries(words).flatMap(([key, value]) => (typeof value === 'string' ? [[before + key, value] as [string, string]] : list(value, `${before}${key}.`)))
const blanks = (text: string) => (text.match(/{{\w+}}/g) ?? []).sort()

describe.each([
  ['en', en],
  ['es', es],
])('%s', (_, words) => {
  it('says everything that Portuguese says', () => {
    expect(list(words).map(([key]) => key)).toEqual(list(pt).map(([key]) => key))
  })

  it('leaves the same blanks', () => {
    const portuguese = new Map(list(pt))
    expect(list(words).filter(([key, text]) => blanks(text).join() !== blanks(portuguese.get(key) ?? '').join())).toEqual([])
  })
})

it.each([
  [['en-GB', 'pt-BR'], 'en'],
  [['fr-FR', 'es-AR'], 'es'],
  [['fr-FR'], 'pt'],
])('a browser that wants %j gets %s', (wanted, expected) => {
  localStorage.clear()
  expect(guessLanguage(wanted)).toBe(expected)
})
