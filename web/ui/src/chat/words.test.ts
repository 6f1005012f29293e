import { describe, expect, it } from 'vitest'

import { readPassages, stripMarks } from './words'

const plain = (text: string) => ({ kind: 'plain', text })

describe('the words of an answer', () => {
  it('are paragraphs and lists', () => {
    expect(readPassages('Caiu.\n\n- Entregas\n- Vendas\nSó isso.', 0)).toEqual([
      { kind: 'paragraph', pieces: [plain('Caiu.')] },
      { kind: 'list', items: [[plain('Entregas')], [plain('Vendas')]] },
      { kind: 'paragraph', pieces: [plain('Só isso.')] },
    ])
  })

  it('point to their citations, and only to those that are there', () => {
    expect(readPassages('**Entregas** atrasou [1][3].', 2)).toEqual([
      { kind: 'paragraph', pieces: [{ kind: 'strong', text: 'Entregas' }, plain(' atrasou '), { kind: 'reference', number: 1 }, plain('[3].')] },
    ])
  })

  it('stay words: nothing in them is taken for HTML', () => {
    expect(readPassages('<img src=x onerror=alert(1)>', 0)).toEqual([{ kind: 'paragraph', pieces: [plain('<img src=x onerror=alert(1)>')] }])
  })

  it('lose their marks for ears', () => {
    expect(stripMarks('**Entregas** atrasou')).toBe('Entregas atrasou')
  })
})
