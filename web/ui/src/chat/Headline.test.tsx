import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'

import { startLanguage } from '@/i18n'
import { findViolations } from '@/test/screen'

import { Headline } from './Headline'

const LINE = 30
const LONG = `Quero saber ${'como andam as entregas, '.repeat(40)}e por quê?`

/** jsdom draws nothing: a heading that needs so many lines, cut after four while its style says so. */
function layOut(lines: number): void {
  const isClamped = (element: Element) => element.classList.contains('line-clamp-4')
  vi.spyOn(Element.prototype, 'scrollHeight', 'get').mockImplementation(() => lines * LINE)
  vi.spyOn(Element.prototype, 'clientHeight', 'get').mockImplementation(function (this: Element) {
    return (isClamped(this) ? Math.min(lines, 4) : lines) * LINE
  })
}

beforeAll(() => startLanguage('pt'))
afterEach(() => {
  vi.restoreAllMocks()
})

describe('a question over its answer', () => {
  it('is four lines of a long one, all of it at a press, and four lines again', async () => {
    layOut(12)
    render(<Headline question={LONG} />)
    const heading = screen.getByRole('heading', { name: LONG })
    const states: [string | null, string | null, boolean][] = []
    for (let press = 0; press < 3; press++) {
      const button = screen.getByRole('button')
      expect(document.getElementById(button.getAttribute('aria-controls') ?? '')).toBe(heading)
      states.push([button.textContent, button.getAttribute('aria-expanded'), heading.classList.contains('line-clamp-4')])
      expect(heading.textContent).toBe(LONG)
      await userEvent.click(button)
    }
    expect(states).toEqual([
      ['Mostrar tudo', 'false', true],
      ['Mostrar menos', 'true', false],
      ['Mostrar tudo', 'false', true],
    ])
  })

  it.each([1, 4])('of %d lines has nothing to press', (lines) => {
    layOut(lines)
    render(<Headline question="Como está a satisfação?" />)
    expect(screen.getByRole('heading', { name: 'Como está a satisfação?' })).toBeTruthy()
    expect(screen.queryByRole('button')).toBeNull()
  })

  it('has nothing that axe objects to', async () => {
    layOut(12)
    render(<Headline question={LONG} />)
    expect((await findViolations()).filter((violation) => !violation.startsWith('page-has-heading-one'))).toEqual([])
  })
})
